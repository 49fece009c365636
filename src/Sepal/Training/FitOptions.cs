using Sepal.Training.Callbacks;
using Sepal.Training.Checkpoints;

namespace Sepal.Training;

/// <summary>How a model is fitted.</summary>
public sealed class FitOptions
{
    /// <summary>How many times the data are gone through.</summary>
    public int Epochs { get; init; } = 1;

    /// <summary>Examples a step; the last step of an epoch takes what is left.</summary>
    public int BatchSize { get; init; } = 32;

    /// <summary>Whether every epoch takes the examples in another order.</summary>
    public bool Shuffle { get; init; } = true;

    /// <summary>The seed of the order and of dropout. The same seed gives the same bits, for any number of threads.</summary>
    public ulong Seed { get; init; }

    /// <summary>Threads to compute with; all cores where not given.</summary>
    public int Threads { get; init; } = Environment.ProcessorCount;

    /// <summary>Data to evaluate on after every epoch, if wanted.</summary>
    public Dataset? Validation { get; init; }

    /// <summary>What is called as training goes on.</summary>
    public IReadOnlyList<Callback> Callbacks { get; init; } = [];

    /// <summary>Whether a bar shows progress on the error stream, where that is a terminal.</summary>
    public bool ShowProgress { get; init; } = true;

    /// <summary>
    /// One factor a class, in the classes' order, by which the loss and gradients of its examples are multiplied; for data
    /// with few examples of some classes, <c>examples / (classes · examples of the class)</c> gives all the same weight.
    /// Validation is not weighted. Needs a cross-entropy loss.
    /// </summary>
    /// <remarks>Keras's <c>class_weight</c>.</remarks>
    public IReadOnlyList<float>? ClassWeights { get; init; }

    /// <summary>
    /// The largest Euclidean norm that all gradients together, penalties included, may have: above it, they are scaled down to
    /// it (Pascanu et al., arXiv 1211.5063). Not clipped where not given.
    /// </summary>
    /// <remarks>Keras's <c>global_clipnorm</c>, PyTorch's <c>clip_grad_norm_</c>.</remarks>
    public double? ClipNorm { get; init; }

    /// <summary>A teacher to train after, beside the targets; none where not given.</summary>
    public Distillation? Distillation { get; init; }

    /// <summary>
    /// The decay, below 1, of an exponential moving average of the weights: after every step
    /// <c>average = average · decay + weights · (1 − decay)</c>, from the weights of the first step on. Validation, callbacks at
    /// the end of an epoch and the final model have the averages; batch normalisation's moving statistics are averaged alike.
    /// No averages where not given. 0.99 to 0.9999 are usual: the average reaches back over about <c>1 / (1 − decay)</c> steps.
    /// </summary>
    /// <remarks>Keras's <c>use_ema</c> with <c>ema_momentum</c>, timm's <c>model_ema</c>.</remarks>
    public double? WeightAverage { get; init; }

    /// <summary>Where and how often checkpoints are written; none where not given.</summary>
    public CheckpointOptions? Checkpoints { get; init; }

    /// <summary>
    /// Whether to go on from the newest whole checkpoint in the directory of <see cref="Checkpoints"/>, to the same bits as a
    /// run that was never broken off; from the beginning where there is none. Model, data and options must be those of the run;
    /// only the threads, what is shown, and the number of epochs may differ.
    /// </summary>
    public bool Resume { get; init; }

    /// <summary>
    /// Takes warnings, such as of a damaged checkpoint in whose place the one before it is used. They go to the error stream
    /// where nothing is given.
    /// </summary>
    public Action<string> Warn { get; init; } = Console.Error.WriteLine;

    /// <summary>
    /// Whether the outputs of frozen layers are computed once for each example and kept, where the data set is
    /// <see cref="Dataset.IsFixed"/>, there is no teacher, and at least two epochs are to come. The result is the same, bit for
    /// bit.
    /// </summary>
    public bool CacheFrozenFeatures { get; init; } = true;

    /// <summary>
    /// The most bytes of memory for each data set's kept features; 1 GiB unless said otherwise. More go to a temporary file,
    /// which disappears with the process, of at most half of the room in the temporary directory; beyond, none are kept.
    /// </summary>
    public long FeatureCacheMemory { get; init; } = 1L << 30;

    /// <summary>Ends training between two kernel calls.</summary>
    public CancellationToken CancellationToken { get; init; }

    /// <summary>Adds gradients up across processes or machines, between the gradients and the update; none for one process.</summary>
    public IGradientReducer? GradientReducer { get; init; }

    /// <summary>Refuses numbers that make no sense.</summary>
    internal void RequireRanges()
    {
        if (ClipNorm is { } norm && norm is not (> 0 and < double.PositiveInfinity))
        {
            throw new TrainingException($"ClipNorm is {norm}. Give a number above 0, for example 1, or leave it out.");
        }

        if (Resume && Checkpoints is null)
        {
            throw new TrainingException("Resume is set, but not where the checkpoints are. Give Checkpoints the directory of the run.");
        }

        if (FeatureCacheMemory < 0)
        {
            throw new TrainingException($"FeatureCacheMemory is {FeatureCacheMemory}. Give at least 0 bytes; CacheFrozenFeatures switches the cache off.");
        }

        Checkpoints?.RequireRanges();
        if (WeightAverage is { } decay && decay is not (>= 0 and < 1))
        {
            throw new TrainingException($"WeightAverage is {decay}. Give a decay of at least 0 and below 1, for example 0.999, or leave it out.");
        }
    }
}
