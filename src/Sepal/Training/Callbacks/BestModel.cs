namespace Sepal.Training.Callbacks;

/// <summary>Keeps the parameters of the best epoch, and puts them back when training ends.</summary>
public sealed class BestModel : Callback
{
    private MonitoredFigure? _figure;
    private BestWeights _best = new();

    /// <summary>The figure to watch: <c>val_loss</c>, <c>val_accuracy</c>, ….</summary>
    public string Monitor { get; init; } = "val_loss";

    /// <summary>The best epoch so far, from 1; 0 before the first.</summary>
    public int BestEpoch => _best.Epoch;

    /// <inheritdoc/>
    public override void OnTrainingBegin(Model model, TrainingRun run)
    {
        ArgumentNullException.ThrowIfNull(model);
        _figure = new MonitoredFigure(Monitor, model);
        _best = new BestWeights();
    }

    /// <inheritdoc/>
    public override bool OnEpochEnd(Model model, EpochResult result)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(result);
        if (_figure!.Improves(result, minimumDelta: 0))
        {
            _best.Take(result.Epoch, model);
        }

        return true;
    }

    /// <inheritdoc/>
    public override string? Settings => $"best model by {Monitor}";

    /// <inheritdoc/>
    public override void Save(CallbackState state)
    {
        ArgumentNullException.ThrowIfNull(state);
        _figure!.Save(state);
        _best.Save(state);
    }

    /// <inheritdoc/>
    public override void Restore(CallbackState state)
    {
        ArgumentNullException.ThrowIfNull(state);
        _figure!.Restore(state);
        _best.Restore(state);
    }

    /// <inheritdoc/>
    public override void OnTrainingEnd(Model model) => _best.PutBack(model);
}
