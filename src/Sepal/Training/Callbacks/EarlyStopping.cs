namespace Sepal.Training.Callbacks;

/// <summary>Stops training when a figure has not got better for some epochs.</summary>
public sealed class EarlyStopping : Callback
{
    private MonitoredFigure? _figure;
    private int _waited;

    /// <summary>The figure to watch: <c>val_loss</c>, <c>val_accuracy</c>, ….</summary>
    public string Monitor { get; init; } = "val_loss";

    /// <summary>Epochs without progress that are borne.</summary>
    public int Patience { get; init; } = 3;

    /// <summary>How much better an epoch must be to count.</summary>
    public double MinimumDelta { get; init; }

    /// <inheritdoc/>
    public override void OnTrainingBegin(Model model, TrainingRun run)
    {
        ArgumentNullException.ThrowIfNull(model);
        _figure = new MonitoredFigure(Monitor, model);
        _waited = 0;
    }

    /// <inheritdoc/>
    public override bool OnEpochEnd(Model model, EpochResult result)
    {
        _waited = _figure!.Improves(result, MinimumDelta) ? 0 : _waited + 1;
        return _waited < Math.Max(Patience, 1);
    }
}
