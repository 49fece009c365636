using System.Collections.Immutable;
using System.Globalization;
using Sepal.Cli.Framework;

namespace Sepal.Cli.Training;

/// <summary>Compares the settings of a command that resumes a run with those that the run began with.</summary>
internal static class ResumedSettings
{
    private static readonly ImmutableArray<(string Option, Func<TrainingSettings, object?> Value)> Compared =
    [
        ("--model", settings => settings.Model),
        ("--input", settings => string.Join('x', settings.Input)),
        ("--epochs", settings => settings.Epochs),
        ("--batch-size", settings => settings.BatchSize),
        ("--optimizer", settings => settings.Optimizer),
        ("--lr", settings => settings.LearningRate),
        ("--schedule", settings => settings.Schedule),
        ("--warmup", settings => settings.Warmup),
        ("--weight-decay", settings => settings.WeightDecay),
        ("--dropout", settings => settings.Dropout),
        ("--label-smoothing", settings => settings.LabelSmoothing),
        ("--average", settings => settings.Average),
        ("--clip-norm", settings => settings.ClipNorm),
        ("--early-stopping", settings => settings.EarlyStopping),
        ("--class-weights", settings => settings.ClassWeights),
        ("--augment", settings => settings.Augment.Length > 0 ? settings.Augment : "none"),
        ("--validation-split", settings => settings.ValidationSplit),
        ("--limit", settings => settings.Limit),
        ("--freeze", settings => settings.Freeze),
        ("--new-head", settings => settings.NewHead ? "yes" : "no"),
        ("--finetune-epochs", settings => settings.FinetuneEpochs),
        ("--finetune-lr", settings => settings.FinetuneLearningRate),
        ("--teacher", settings => settings.Teacher),
        ("--temperature", settings => settings.Temperature),
        ("--alpha", settings => settings.Alpha),
        ("--seed", settings => settings.Seed),
        ("the preparation of pictures", settings => settings.Preprocessing),
    ];

    /// <summary>
    /// Refuses settings from which another result would follow. A constant learning rate allows for more epochs, and fine-tuning
    /// can be added.
    /// </summary>
    /// <param name="before">What the run began with.</param>
    /// <param name="now">What the command says.</param>
    /// <param name="directory">The run's directory.</param>
    /// <exception cref="UsageException">They differ; says where.</exception>
    public static void RequireSame(TrainingSettings before, TrainingSettings now, string directory)
    {
        if (before.FinetuneEpochs == 0)
        {
            before = before with
            {
                Epochs = now.Schedule == "constant" ? Math.Max(before.Epochs, now.Epochs) : before.Epochs,
                FinetuneEpochs = now.FinetuneEpochs,
                FinetuneLearningRate = now.FinetuneLearningRate,
            };
        }

        string[] differences =
        [
            .. Compared
                .Select(item => (item.Option, Before: Text(item.Value(before)), Now: Text(item.Value(now))))
                .Where(item => item.Before != item.Now)
                .Select(item => $"{item.Option} (was {item.Before}, now {item.Now})"),
        ];
        if (differences.Length > 0)
        {
            throw new UsageException(
                $"--resume: the run in '{directory}' was begun with other settings: {string.Join(", ", differences)}. "
                + "Leave these options out to go on as it began, or give another --out to begin anew.");
        }
    }

    private static string Text(object? value) => value is null ? "none" : Convert.ToString(value, CultureInfo.InvariantCulture)!;
}
