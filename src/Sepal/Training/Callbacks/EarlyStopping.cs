using System.Globalization;

namespace Sepal.Training.Callbacks;

/// <summary>Stops training when a figure has not got better for some epochs.</summary>
public sealed class EarlyStopping : Callback
{
    private MonitoredFigure? _figure;
    private int _waited;
    private BestWeights _best = new();

    /// <summary>The figure to watch: <c>val_loss</c>, <c>val_accuracy</c>, ….</summary>
    public string Monitor { get; init; } = "val_loss";

    /// <summary>Epochs without progress that are borne.</summary>
    public int Patience { get; init; } = 3;

    /// <summary>How much better an epoch must be to count.</summary>
    /// <remarks>Keras's <c>min_delta</c>.</remarks>
    public double MinimumDelta { get; init; }

    /// <summary>
    /// Whether the weights of the best epoch are put back when training ends, as <see cref="BestModel"/> does; otherwise the
    /// model keeps those of the last epoch.
    /// </summary>
    public bool RestoreBestWeights { get; init; }

    /// <summary>The best epoch so far, from 1; 0 before the first.</summary>
    public int BestEpoch => _best.Epoch;

    /// <inheritdoc/>
    public override void OnTrainingBegin(Model model, TrainingRun run)
    {
        ArgumentNullException.ThrowIfNull(model);
        _figure = new MonitoredFigure(Monitor, model);
        _waited = 0;
        _best = new BestWeights();
    }

    /// <inheritdoc/>
    public override bool OnEpochEnd(Model model, EpochResult result)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(result);
        if (_figure!.Improves(result, MinimumDelta))
        {
            _waited = 0;
            _best.Take(result.Epoch, RestoreBestWeights ? model : null);
        }
        else
        {
            _waited++;
        }

        return _waited < Math.Max(Patience, 1);
    }

    /// <inheritdoc/>
    public override string? Settings => string.Create(
        CultureInfo.InvariantCulture, $"early stopping by {Monitor} after {Patience} epochs without {MinimumDelta}, {(RestoreBestWeights ? "best" : "last")} weights");

    /// <inheritdoc/>
    public override void Save(CallbackState state)
    {
        ArgumentNullException.ThrowIfNull(state);
        _figure!.Save(state);
        _best.Save(state);
        state.Set("waited", _waited);
    }

    /// <inheritdoc/>
    public override void Restore(CallbackState state)
    {
        ArgumentNullException.ThrowIfNull(state);
        _figure!.Restore(state);
        _best.Restore(state);
        _waited = (int)(state.Number("waited") ?? 0);
    }

    /// <inheritdoc/>
    public override void OnTrainingEnd(Model model) => _best.PutBack(model);
}
