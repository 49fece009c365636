using System.Globalization;

namespace Sepal.Training.Callbacks;

/// <summary>Keeps the parameters of the best epoch, and puts them back when training ends.</summary>
public sealed class BestModel : Callback
{
    private MonitoredFigure? _figure;
    private (float[] Trainable, float[] State)? _best;

    /// <summary>The figure to watch: <c>val_loss</c>, <c>val_accuracy</c>, ….</summary>
    public string Monitor { get; init; } = "val_loss";

    /// <summary>The best epoch so far, from 1; 0 before the first.</summary>
    public int BestEpoch { get; private set; }

    /// <inheritdoc/>
    public override void OnTrainingBegin(Model model, TrainingRun run)
    {
        ArgumentNullException.ThrowIfNull(model);
        _figure = new MonitoredFigure(Monitor, model);
        _best = null;
        BestEpoch = 0;
    }

    /// <inheritdoc/>
    public override bool OnEpochEnd(Model model, EpochResult result)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(result);
        if (_figure!.Improves(result, minimumDelta: 0))
        {
            _best = model.Store.Snapshot();
            BestEpoch = result.Epoch;
        }

        return true;
    }

    /// <inheritdoc/>
    public override string? Settings => string.Create(
        CultureInfo.InvariantCulture, $"best model by {Monitor}");

    /// <inheritdoc/>
    public override void Save(CallbackState state)
    {
        ArgumentNullException.ThrowIfNull(state);
        _figure!.Save(state);
        state.Set("best epoch", BestEpoch);
        if (_best is { } best)
        {
            state.Set("trainable", best.Trainable);
            state.Set("state", best.State);
        }
    }

    /// <inheritdoc/>
    public override void Restore(CallbackState state)
    {
        ArgumentNullException.ThrowIfNull(state);
        _figure!.Restore(state);
        BestEpoch = (int)(state.Number("best epoch") ?? 0);
        _best = state.Array("trainable") is { } trainable && state.Array("state") is { } rest ? (trainable, rest) : null;
    }

    /// <inheritdoc/>
    public override void OnTrainingEnd(Model model)
    {
        ArgumentNullException.ThrowIfNull(model);
        if (_best is { } best)
        {
            model.Store.Restore(best);
        }
    }
}
