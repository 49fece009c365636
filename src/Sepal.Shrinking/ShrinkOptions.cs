using System.Collections.Immutable;

namespace Sepal.Shrinking;

/// <summary>
/// What a network is to be shrunk to, and how. A limit on the cost (<see cref="MaximumMultiplyAccumulates"/>,
/// <see cref="MaximumParameters"/>, <see cref="SpeedUp"/>) is met with the least loss; without one, the network becomes as fast as
/// <see cref="MaximumAccuracyDrop"/> lets it.
/// </summary>
public sealed record ShrinkOptions
{
    /// <summary>The drop of accuracy that is let pass where no other limit is given: one point.</summary>
    public const double DefaultAccuracyDrop = 0.01;

    /// <summary>
    /// How much lower the accuracy may be than the original's, on the images of <see cref="ShrinkData.Search"/>; 0.01 is one
    /// point. Of networks that do not classify, and of images without labels, see <see cref="Search.QualityKind"/>. Where not
    /// given, 0.01 if there is no other limit, and no limit otherwise.
    /// </summary>
    public double? MaximumAccuracyDrop { get; init; }

    /// <summary>The most MACs that an image may take; not limited where not given.</summary>
    public long? MaximumMultiplyAccumulates { get; init; }

    /// <summary>The most parameters, trainable or not; not limited where not given.</summary>
    public long? MaximumParameters { get; init; }

    /// <summary>How many times as fast the network is to become, measured; 2 is twice as fast.</summary>
    public double? SpeedUp { get; init; }

    /// <summary>The forms that a layer may take.</summary>
    public ImmutableArray<DecouplingForm> Forms { get; init; } = [DecouplingForm.DepthwisePointwise, DecouplingForm.PointwiseDepthwise];

    /// <summary>The highest rank that is tried; the kernel's own where that is lower.</summary>
    public int MaximumRank { get; init; } = 9;

    /// <summary>How many images layers are corrected on, and how many each candidate is measured on.</summary>
    public int Images { get; init; } = 512;

    /// <summary>Whether the replaced layers are corrected by least squares on real activations.</summary>
    public bool Correct { get; init; } = true;

    /// <summary>How they are corrected; its images, seed and threads are those given here.</summary>
    public CorrectionOptions CorrectionOptions { get; init; } = new();

    /// <summary>Epochs of fine-tuning with distillation from the original; 0 for none.</summary>
    public int FineTuneEpochs { get; init; }

    /// <summary>The highest learning rate of fine-tuning.</summary>
    public double FineTuneLearningRate { get; init; } = 1e-3;

    /// <summary>The share of the channels, of all layers together, that is pruned before fine-tuning, from 0 to below 1; 0 for none.</summary>
    public double PruneShare { get; init; }

    /// <summary>Names of convolutions that stay as they are.</summary>
    public ImmutableArray<string> Keep { get; init; } = [];

    /// <summary>Threads that compute, and that times are measured with.</summary>
    public int Threads { get; init; } = Environment.ProcessorCount;

    /// <summary>Images in a run whose time is measured.</summary>
    public int TimedBatch { get; init; } = 1;

    /// <summary>About how many seconds each layer's candidates are timed.</summary>
    public double SecondsPerLayer { get; init; } = 1;

    /// <summary>What the choice of images and the order of fine-tuning follow from.</summary>
    public ulong Seed { get; init; }

    /// <summary>Is told what is being done; called on the calling thread.</summary>
    public Action<ShrinkProgress>? Progress { get; init; }

    /// <summary>Whether any limit is given on what the network costs.</summary>
    internal bool LimitsCost => MaximumMultiplyAccumulates is not null || MaximumParameters is not null || SpeedUp is not null;

    /// <summary>The drop of accuracy that is let pass.</summary>
    internal double AccuracyDrop => MaximumAccuracyDrop ?? (LimitsCost ? double.PositiveInfinity : DefaultAccuracyDrop);

    /// <summary>Refuses what makes no sense.</summary>
    internal void Check()
    {
        Require(MaximumAccuracyDrop is null or (>= 0 and <= 1), "drop of accuracy", MaximumAccuracyDrop, "a number from 0 to 1, for example 0.01");
        Require(MaximumMultiplyAccumulates is null or > 0, "number of MACs", MaximumMultiplyAccumulates, "a number of at least 1");
        Require(MaximumParameters is null or > 0, "number of parameters", MaximumParameters, "a number of at least 1");
        Require(SpeedUp is null or (> 0 and < double.PositiveInfinity), "speed-up", SpeedUp, "a number above 0, for example 2");
        Require(!Forms.IsDefaultOrEmpty, "number of forms", 0, "at least one");
        Require(MaximumRank >= 1, "highest rank", MaximumRank, "a number of at least 1");
        Require(Images >= 1, "number of images", Images, "a number of at least 1");
        Require(FineTuneEpochs >= 0, "number of epochs", FineTuneEpochs, "a number of at least 0");
        Require(FineTuneLearningRate is > 0 and < double.PositiveInfinity, "learning rate", FineTuneLearningRate, "a number above 0, for example 0.001");
        Require(PruneShare is >= 0 and < 1, "share to prune", PruneShare, "a number from 0 to below 1");
        Require(Threads >= 1, "number of threads", Threads, "a number of at least 1");
        Require(TimedBatch >= 1, "number of images in a timed run", TimedBatch, "a number of at least 1");
        Require(SecondsPerLayer is > 0 and < double.PositiveInfinity, "time per layer", SecondsPerLayer, "seconds above 0");
    }

    private static void Require(bool holds, string what, object? received, string expected)
    {
        if (!holds)
        {
            throw new SepalException(FormattableString.Invariant($"The {what} is {received}. Give {expected}."));
        }
    }
}
