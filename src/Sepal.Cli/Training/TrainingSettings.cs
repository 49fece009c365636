using System.Collections.Immutable;

namespace Sepal.Cli.Training;

/// <summary>
/// All that a training run's result follows from, as <c>settings.json</c> keeps it.
/// </summary>
internal sealed record TrainingSettings
{
    /// <summary>The directory of images.</summary>
    public required string Data { get; init; }

    /// <summary>The architecture's name or the file.</summary>
    public required string Model { get; init; }

    /// <summary>Height, width and channels of what enters the model.</summary>
    public required ImmutableArray<int> Input { get; init; }

    /// <summary>The share of the images held out for validation, where there is no folder for it.</summary>
    public required double ValidationSplit { get; init; }

    /// <summary>Images to train on at the most.</summary>
    public int? Limit { get; init; }

    /// <summary>Times through the images.</summary>
    public required int Epochs { get; init; }

    /// <summary>Images a step.</summary>
    public required int BatchSize { get; init; }

    /// <summary><c>adam</c>, <c>adamw</c>, <c>sgd</c> or <c>rmsprop</c>.</summary>
    public required string Optimizer { get; init; }

    /// <summary>The highest learning rate.</summary>
    public required double LearningRate { get; init; }

    /// <summary><c>cosine</c>, <c>step</c> or <c>constant</c>.</summary>
    public required string Schedule { get; init; }

    /// <summary>Epochs over which the rate rises.</summary>
    public double Warmup { get; init; }

    /// <summary>What AdamW takes from weights.</summary>
    public double WeightDecay { get; init; }

    /// <summary>The share of features dropped before the classifier; null for the model's own.</summary>
    public double? Dropout { get; init; }

    /// <summary>The share of the target that is spread over all classes.</summary>
    public double LabelSmoothing { get; init; }

    /// <summary>The decay of the weights' moving average; null for none.</summary>
    public double? Average { get; init; }

    /// <summary>The largest norm of the gradients; null for any.</summary>
    public double? ClipNorm { get; init; }

    /// <summary>Epochs without progress that are borne; null for all.</summary>
    public int? EarlyStopping { get; init; }

    /// <summary><c>balanced</c> or <c>none</c>.</summary>
    public string ClassWeights { get; init; } = "none";

    /// <summary>The augmentations, as typed; empty for none.</summary>
    public string Augment { get; init; } = string.Empty;

    /// <summary>What all random numbers follow from.</summary>
    public required ulong Seed { get; init; }

    /// <summary>How pictures are prepared, in a line.</summary>
    public required string Preprocessing { get; init; }

    /// <summary><c>none</c>, <c>all-but-head</c>, or how many of the first layers are frozen.</summary>
    public string Freeze { get; init; } = "none";

    /// <summary>Whether a file's classifier is replaced though its classes are the data's.</summary>
    public bool NewHead { get; init; }

    /// <summary>Epochs of the whole network, after those with frozen layers.</summary>
    public int FinetuneEpochs { get; init; }

    /// <summary>The highest learning rate of those epochs.</summary>
    public double FinetuneLearningRate { get; init; }

    /// <summary>The file of the network to learn from; null for none.</summary>
    public string? Teacher { get; init; }

    /// <summary>What its logits are divided by.</summary>
    public double Temperature { get; init; }

    /// <summary>Its share of the loss.</summary>
    public double Alpha { get; init; }

    /// <summary>The command's options as typed, without those that say where results go and how fast; for <c>--resume</c>.</summary>
    public ImmutableArray<string> Command { get; init; } = [];

    /// <summary>What the epochs follow from that train the whole network, after those with frozen layers.</summary>
    /// <returns>Settings with the epochs and the rate of fine-tuning, and without a rise of the rate.</returns>
    public TrainingSettings ForFinetuning() => this with { Epochs = FinetuneEpochs, LearningRate = FinetuneLearningRate, Warmup = 0 };
}
