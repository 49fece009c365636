using System.Collections.Immutable;
using Sepal.Training.Losses;
using Sepal.Training.Optimizers;
using Sepal.Training.Schedules;

namespace Sepal.Cli.Training;

/// <summary>Makes what settings name.</summary>
internal static class Optimization
{
    private const float SgdMomentum = 0.9f;

    /// <summary>Makes the optimizer.</summary>
    /// <param name="settings">Its name, its rate and how that changes.</param>
    /// <param name="examples">Images an epoch.</param>
    /// <returns>The optimizer.</returns>
    public static Optimizer Optimizer(TrainingSettings settings, int examples)
    {
        LearningRateSchedule rate = Schedule(settings, examples);
        return settings.Optimizer switch
        {
            "adamw" => new AdamW(rate) { WeightDecay = (float)settings.WeightDecay },
            "sgd" => new Sgd(rate) { Momentum = SgdMomentum, Nesterov = true, WeightDecay = (float)settings.WeightDecay },
            "rmsprop" => new RmsProp(rate) { WeightDecay = (float)settings.WeightDecay },
            _ => new Adam(rate),
        };
    }

    /// <summary>Makes the learning rate's schedule.</summary>
    /// <param name="settings">Its name, the highest rate, the epochs.</param>
    /// <param name="examples">Images an epoch.</param>
    /// <returns>The rate by step.</returns>
    public static LearningRateSchedule Schedule(TrainingSettings settings, int examples)
    {
        long epoch = (examples + settings.BatchSize - 1) / settings.BatchSize;
        long warmup = (long)Math.Round(settings.Warmup * epoch);
        long steps = Math.Max((settings.Epochs * epoch) - warmup, 1);
        LearningRateSchedule schedule = settings.Schedule switch
        {
            "cosine" => new CosineSchedule(settings.LearningRate, steps),
            "step" => new StepSchedule(settings.LearningRate, Math.Max((steps + 2) / 3, 1)),
            _ => settings.LearningRate,
        };
        return warmup > 0 ? new WarmupSchedule(warmup, schedule) : schedule;
    }

    /// <summary>Makes the loss.</summary>
    /// <param name="settings">What is smoothed.</param>
    /// <param name="fromLogits">Whether the model gives scores rather than probabilities.</param>
    /// <returns>The loss.</returns>
    public static Loss Loss(TrainingSettings settings, bool fromLogits) => new SparseCategoricalCrossentropy
    {
        FromLogits = fromLogits,
        LabelSmoothing = (float)settings.LabelSmoothing,
    };

    /// <summary>Weights that give every class the same share of the loss: images / (classes · images of the class).</summary>
    /// <param name="settings">Whether classes are weighted.</param>
    /// <param name="counts">Images of each class.</param>
    /// <returns>A factor a class; null where all are alike.</returns>
    public static IReadOnlyList<float>? ClassWeights(TrainingSettings settings, ImmutableArray<int> counts) => settings.ClassWeights == "none"
        ? null
        : [.. counts.Select(count => (float)((double)counts.Sum() / (counts.Length * (double)Math.Max(count, 1))))];
}
