namespace Sepal.Shrinking;

/// <summary>By what channels are chosen to be removed.</summary>
public enum ChannelScore
{
    /// <summary>
    /// What a channel adds to the layers that read it: the variance of its values over images, times the squares of the weights it
    /// meets, in proportion to the other channels of the same layer. Needs images, no labels.
    /// </summary>
    ActivationEnergy,

    /// <summary>
    /// The size of batch normalisation's scale γ (Liu et al., "Learning Efficient Convolutional Networks through Network Slimming",
    /// https://arxiv.org/abs/1708.06519). Needs no data; says most where the network was trained with a penalty on γ.
    /// </summary>
    BatchNormalizationScale,
}

/// <summary>Which channels go, and how many.</summary>
public sealed record PruningOptions
{
    /// <summary>By what channels are chosen.</summary>
    public ChannelScore Score { get; init; }

    /// <summary>
    /// The share of the channels that could go, of all layers together, that is removed, before rounding. Give this or
    /// <see cref="MaximumMultiplyAccumulates"/>.
    /// </summary>
    public double? Ratio { get; init; }

    /// <summary>The most MACs for one image: as few channels are removed as reach it.</summary>
    public long? MaximumMultiplyAccumulates { get; init; }

    /// <summary>
    /// What channel counts are rounded to a multiple of, to the nearest one; 1 for no rounding. Where not given, 16 for layers of at
    /// least 64 channels and 8 for those of at least 16, as Sepal's kernels like them.
    /// </summary>
    public int? Multiple { get; init; }

    /// <summary>The largest share of the channels of one group of layers that may go.</summary>
    public double LargestShare { get; init; } = 0.75;

    /// <summary>
    /// Whether layers that miss removed channels get their mean in place of them, added to the bias or to the batch normalisation
    /// behind. Only where images are given.
    /// </summary>
    public bool CorrectBias { get; init; } = true;

    /// <summary>How many images are looked at, at the most.</summary>
    public int MaximumImages { get; init; } = 256;

    /// <summary>Threads to compute with; all cores where not given. They make no difference to the result.</summary>
    public int Threads { get; init; } = Environment.ProcessorCount;

    /// <summary>Ends the computation between two kernel calls.</summary>
    public CancellationToken CancellationToken { get; init; }

    internal void RequireRanges()
    {
        Require(
            (Ratio is null) != (MaximumMultiplyAccumulates is null),
            "Say how much to prune by a ratio or by a number of MACs, one of the two.");
        Require(Ratio is null or (>= 0 and < 1), $"The ratio of channels to prune is {Ratio}. Give a number of at least 0 and below 1, for example 0.3.");
        Require(MaximumMultiplyAccumulates is null or > 0, $"The most MACs are {MaximumMultiplyAccumulates}. Give a number above 0.");
        Require(Multiple is null or >= 1, $"Channels cannot be rounded to multiples of {Multiple}. Give at least 1.");
        Require(LargestShare is > 0 and < 1, $"The largest share of channels to prune is {LargestShare}. Give a number above 0 and below 1, for example 0.75.");
        Require(MaximumImages >= 1, $"{MaximumImages} images make no sense. Give at least 1.");
        Require(Threads >= 1, $"{Threads} threads make no sense. Give at least 1.");
    }

    private static void Require(bool holds, string message)
    {
        if (!holds)
        {
            throw new SepalException(message);
        }
    }
}
