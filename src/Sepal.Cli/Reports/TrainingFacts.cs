using Sepal.Cli.Training;
using static System.FormattableString;

namespace Sepal.Cli.Reports;

/// <summary>What has to be known to judge a training run's figures, or to get them again.</summary>
internal static class TrainingFacts
{
    /// <summary>Lists it.</summary>
    /// <param name="report">The run.</param>
    /// <returns>Facts with names.</returns>
    public static IEnumerable<(string Name, string Text)> Of(TrainReport report)
    {
        TrainingSettings settings = report.Settings;
        yield return ("Images", Invariant($"{report.TrainImages:N0} to train on{Set(report.Validation, "to choose the best epoch by")}{Set(report.Test, "to test on at the end")}"));
        yield return ("Preparation", settings.Preprocessing);
        yield return ("Augmentation", settings.Augment is "" or "none" ? "none" : settings.Augment);
        yield return ("Optimizer", Invariant($"{settings.Optimizer}, learning rate {settings.LearningRate} ({settings.Schedule}{Warmup(settings)})") + Decay(settings));
        yield return ("Steps", Invariant($"{report.Epochs.Length} of {settings.Epochs} epochs in batches of {settings.BatchSize}, seed {settings.Seed}"));
        yield return ("Regularisation", Regularisation(settings));
        yield return ("Best epoch", report.Validation is null
            ? Invariant($"{report.BestEpoch}, the last: no images were held out to choose by")
            : Invariant($"{report.BestEpoch}, by the accuracy on the validation images"));
        yield return ("Files", "model.onnx (the best epoch), last.onnx (the last), history.csv, settings.json");
    }

    private static string Set(SetFigures? set, string use) => set is null ? string.Empty : Invariant($", {set.Images:N0} {use} ({set.Accuracy:P2})");

    private static string Warmup(TrainingSettings settings) => settings.Warmup > 0 ? Invariant($", rising over {settings.Warmup} epochs") : string.Empty;

    private static string Decay(TrainingSettings settings) => settings.WeightDecay > 0 ? Invariant($", weight decay {settings.WeightDecay}") : string.Empty;

    private static string Regularisation(TrainingSettings settings)
    {
        string[] parts =
        [
            .. settings.Dropout is { } dropout ? (string[])[Invariant($"dropout {dropout}")] : [],
            .. settings.LabelSmoothing > 0 ? (string[])[Invariant($"label smoothing {settings.LabelSmoothing}")] : [],
            .. settings.Average is { } average ? (string[])[Invariant($"average of the weights {average}")] : [],
            .. settings.ClipNorm is { } norm ? (string[])[Invariant($"gradients clipped at {norm}")] : [],
            .. settings.ClassWeights == "none" ? (string[])[] : ["classes balanced"],
            .. settings.EarlyStopping is { } patience ? (string[])[Invariant($"early stopping after {patience} epochs")] : [],
        ];
        return parts.Length == 0 ? "none" : string.Join(", ", parts);
    }
}
