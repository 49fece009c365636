namespace Sepal.Shrinking;

/// <summary>How decoupled layers are corrected.</summary>
public sealed record CorrectionOptions
{
    /// <summary>How many images are looked at, spread over all that are given.</summary>
    public int Images { get; init; } = 512;

    /// <summary>
    /// How many positions of each layer's output are looked at, spread at random over the images. Fewer are taken where a layer's
    /// windows would take more than 256 MiB.
    /// </summary>
    public int Samples { get; init; } = 8192;

    /// <summary>
    /// Shares of each feature's energy that hold the weights to what they were (ridge regression); for each layer, the one that is best
    /// on held-out images is taken.
    /// </summary>
    public IReadOnlyList<double> Ridges { get; init; } = [1e-4, 1e-3, 1e-2];

    /// <summary>
    /// Whether the kernel is also decomposed anew, by how much each of its taps matters for the activations that the layer sees; for
    /// each layer, the better start is taken.
    /// </summary>
    public bool Redecompose { get; init; } = true;

    /// <summary>How often the depthwise and the pointwise kernels are fitted in turn after the first fit; 0 for the first fit alone.</summary>
    public int Rounds { get; init; } = 2;

    /// <summary>Whether the bias is fitted too. A layer without one gets one.</summary>
    public bool CorrectBias { get; init; } = true;

    /// <summary>Which positions are looked at follows from it.</summary>
    public ulong Seed { get; init; }

    /// <summary>Threads to run the networks with. Makes no difference to the result.</summary>
    public int Threads { get; init; } = Environment.ProcessorCount;

    internal void Check()
    {
        RequireAtLeast(Images, 2, "number of images");
        RequireAtLeast(Samples, 16, "number of samples");
        RequireAtLeast(Rounds, 0, "number of rounds");
        RequireAtLeast(Threads, 1, "number of threads");
        if (Ridges.Count == 0 || Ridges.Any(ridge => ridge is not (> 0 and < double.PositiveInfinity)))
        {
            throw new SepalException($"The ridges are [{string.Join(", ", Ridges)}]. Give at least one number above 0, for example 0.001.");
        }
    }

    private static void RequireAtLeast(int value, int least, string what)
    {
        if (value < least)
        {
            throw new SepalException($"The {what} for the correction is {value}. Give at least {least}.");
        }
    }
}
