using Sepal.Training;
using Sepal.Training.Callbacks;

namespace Sepal.Cli.TensorBoard;

/// <summary>
/// Writes every epoch's figures for TensorBoard as Keras does: <c>epoch_loss</c> and <c>epoch_accuracy</c> of a run <c>train</c>
/// and a run <c>validation</c>, so that both are curves of one chart.
/// </summary>
/// <param name="directory">Where the runs' directories go.</param>
internal sealed class TensorBoardLog(string directory) : Callback, IDisposable
{
    private EventFile? _train;
    private EventFile? _validation;

    /// <summary>Epochs of earlier fits, which come before those of the next.</summary>
    public int EpochsBefore { get; set; }

    /// <inheritdoc/>
    public override void OnTrainingBegin(Model model, TrainingRun run)
    {
        // Epochs that a resumed run has done and that are in the file stay as they are.
        foreach (EpochResult result in run.Completed)
        {
            Write(result, isNew: false);
        }
    }

    /// <inheritdoc/>
    public override bool OnEpochEnd(Model model, EpochResult result)
    {
        Write(result, isNew: true);
        return true;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _train?.Dispose();
        _validation?.Dispose();
    }

    private static IEnumerable<(string Tag, double Value)> Tagged(IReadOnlyDictionary<string, double> metrics) =>
        metrics.Select(metric => ($"epoch_{metric.Key}", metric.Value));

    private void Write(EpochResult result, bool isNew)
    {
        int epoch = EpochsBefore + result.Epoch;
        _train ??= new EventFile(Path.Combine(directory, "train"));
        if (isNew || _train.LastStep < epoch)
        {
            _train.Write(
                epoch,
                [("epoch_loss", result.Loss), .. Tagged(result.Metrics), ("epoch_learning_rate", result.LearningRate), ("epoch_seconds", result.Seconds)]);
        }

        if (result is { ValidationLoss: { } loss, ValidationMetrics: { } metrics })
        {
            _validation ??= new EventFile(Path.Combine(directory, "validation"));
            if (isNew || _validation.LastStep < epoch)
            {
                _validation.Write(epoch, [("epoch_loss", loss), .. Tagged(metrics)]);
            }
        }
    }
}
