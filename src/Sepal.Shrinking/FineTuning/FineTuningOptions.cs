using Sepal.Training;
using Sepal.Training.Optimizers;

namespace Sepal.Shrinking;

/// <summary>How a shrunk model is fine-tuned. The defaults suit networks that were decoupled, also those without batch normalisation.</summary>
public sealed record FineTuningOptions
{
    /// <summary>How many times the images are gone through.</summary>
    public int Epochs { get; init; } = 10;

    /// <summary>Images a step.</summary>
    public int BatchSize { get; init; } = 64;

    /// <summary>
    /// Whether the targets of the data are labels. Where they are not, the teacher alone says what is right: no target reaches the
    /// loss or an accuracy.
    /// </summary>
    public bool UsesLabels { get; init; } = true;

    /// <summary>
    /// What the epochs are judged by. Where not given, the share <see cref="ValidationShare"/> of the images is held out for it.
    /// </summary>
    public Dataset? Validation { get; init; }

    /// <summary>The share of the images, spread evenly over them, that is held out where there is no <see cref="Validation"/>.</summary>
    public double ValidationShare { get; init; } = 0.1;

    /// <summary>
    /// The highest learning rate of Adam: it is reached after a warm-up of a twentieth of the steps and falls to 0 along a cosine.
    /// </summary>
    public double LearningRate { get; init; } = 3e-3;

    /// <summary>Another optimizer than Adam under <see cref="LearningRate"/>, with the rates that it brings.</summary>
    public Optimizer? Optimizer { get; init; }

    /// <summary>The largest norm of all gradients together; null for none. A network without batch normalisation needs one.</summary>
    public double? ClipNorm { get; init; } = 1;

    /// <summary>
    /// Whether a network that has no batch normalisation, such as one in which it was folded, is trained with one behind every
    /// convolution that has a bias. It changes nothing at first, and is folded into the convolution again in the end.
    /// </summary>
    public bool AddBatchNormalization { get; init; } = true;

    /// <summary>The temperature of the distillation, see <see cref="Distillation.Temperature"/>.</summary>
    public double Temperature { get; init; } = Distillation.DefaultTemperature;

    /// <summary>The teacher's share where there are labels, see <see cref="Distillation.Alpha"/>; without labels it has all.</summary>
    public double Alpha { get; init; } = Distillation.DefaultAlpha;

    /// <summary>The seed of the order of the images and of dropout.</summary>
    public ulong Seed { get; init; }

    /// <summary>Threads to compute with; all cores where not given. They make no difference to the result.</summary>
    public int Threads { get; init; } = Environment.ProcessorCount;

    /// <summary>Is told every epoch; epoch 0 is the model as it was given.</summary>
    public Action<FineTuningEpoch>? Progress { get; init; }

    /// <summary>Ends fine-tuning between two kernel calls.</summary>
    public CancellationToken CancellationToken { get; init; }

    internal void RequireRanges()
    {
        Require(Epochs >= 1, $"{Epochs} epochs make no sense. Give at least 1.");
        Require(BatchSize >= 1, $"{BatchSize} images a step make no sense. Give at least 1.");
        Require(Threads >= 1, $"{Threads} threads make no sense. Give at least 1.");
        Require(ValidationShare is > 0 and < 1, $"The share of images held out is {ValidationShare}. Give a number above 0 and below 1, for example 0.1.");
        Require(LearningRate is > 0 and < double.PositiveInfinity, $"The learning rate is {LearningRate}. Give a number above 0, for example 0.003.");
        Require(ClipNorm is null or (> 0 and < double.PositiveInfinity), $"ClipNorm is {ClipNorm}. Give a number above 0, for example 1, or null.");
        Require(Alpha is >= 0 and <= 1, $"The teacher's share is {Alpha}. Give a number from 0 to 1, for example 0.9.");
        Require(Temperature is > 0 and < double.PositiveInfinity, $"The temperature is {Temperature}. Give a number above 0, for example 4.");
    }

    private static void Require(bool holds, string message)
    {
        if (!holds)
        {
            throw new TrainingException(message);
        }
    }
}
