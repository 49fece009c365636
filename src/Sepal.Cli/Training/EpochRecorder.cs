using System.Collections.Immutable;
using Sepal.Onnx;
using Sepal.Training;
using Sepal.Training.Callbacks;

namespace Sepal.Cli.Training;

/// <summary>
/// After every epoch writes the history and the model, and the model once more where it is the best so far: by its accuracy on
/// the validation images, among equals by the loss there. Without such images the last epoch counts as the best.
/// </summary>
/// <param name="files">Where they are written.</param>
/// <param name="export">What the models' files say.</param>
internal sealed class EpochRecorder(TrainingFiles files, OnnxExportOptions export) : Callback
{
    private TrainingPhase? _phase;
    private ImmutableArray<TrainingEpoch> _before = [];

    /// <summary>The epochs so far.</summary>
    public ImmutableArray<TrainingEpoch> Rows { get; private set; } = [];

    /// <summary>The best epoch so far.</summary>
    public int BestEpoch
    {
        get
        {
            TrainingEpoch best = Rows[0];
            foreach (TrainingEpoch row in Rows)
            {
                best = IsBetter(row, best) ? row : best;
            }

            return best.Epoch;
        }
    }

    /// <summary>How many epochs this process has trained.</summary>
    public int NewEpochs { get; private set; }

    /// <summary>Tells what is trained next.</summary>
    /// <param name="phase">What is trained.</param>
    public void Begin(TrainingPhase phase)
    {
        _phase = phase;
        _before = Rows;
    }

    /// <inheritdoc/>
    public override void OnTrainingBegin(Model model, TrainingRun run)
    {
        Rows = [.. _before, .. run.Completed.Select(Row)];
        if (Rows.Length > 0)
        {
            files.RequireBestModel(BestEpoch);
            files.WriteHistory(Rows);
        }
    }

    /// <inheritdoc/>
    public override bool OnEpochEnd(Model model, EpochResult result)
    {
        NewEpochs++;
        Rows = Rows.Add(Row(result));
        _phase!.CopyToWhole();
        if (BestEpoch == Rows[^1].Epoch)
        {
            TrainingFiles.WriteModel(files.BestModelPath, _phase.Whole, export);
        }

        TrainingFiles.WriteModel(files.LastModelPath, _phase.Whole, export);
        files.WriteHistory(Rows);
        return true;
    }

    private TrainingEpoch Row(EpochResult result) => new(
        _before.Length + result.Epoch,
        result.Loss,
        result.Metrics["accuracy"],
        result.ValidationLoss,
        result.ValidationMetrics?["accuracy"],
        result.LearningRate,
        result.Seconds);

    private static bool IsBetter(TrainingEpoch row, TrainingEpoch best) =>
        row.ValidationAccuracy is not { } accuracy || best.ValidationAccuracy is not { } other
        || accuracy > other || (accuracy == other && row.ValidationLoss < best.ValidationLoss);
}
