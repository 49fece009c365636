namespace Sepal.Training.Callbacks;

/// <summary>The best value so far of one of an epoch's figures.</summary>
/// <param name="name">The figure: <c>loss</c>, <c>val_accuracy</c>, ….</param>
/// <param name="model">The model, whose metrics say which way they get better; losses fall.</param>
internal sealed class MonitoredFigure(string name, Model model)
{
    private readonly bool _largerIsBetter =
        model.Metrics.Any(metric => metric.LargerIsBetter && (name == metric.Name || name == "val_" + metric.Name));

    private double? _best;

    /// <summary>Writes the best value down for a checkpoint.</summary>
    public void Save(CallbackState state)
    {
        if (_best is { } best)
        {
            state.Set("best", best);
        }
    }

    /// <summary>Takes the best value up from a checkpoint.</summary>
    public void Restore(CallbackState state) => _best = state.Number("best");

    /// <summary>Whether an epoch is better than all before it, by more than a given amount. What is not a number never is.</summary>
    /// <exception cref="SepalException">The epoch has no such figure.</exception>
    public bool Improves(EpochResult result, double minimumDelta)
    {
        double value = result.Figure(name) ?? throw new SepalException(
            $"There is no figure '{name}' to watch. Give Fit validation data for figures that begin with val_, and compile the "
            + $"model with the metric. This epoch has: {string.Join(", ", result.FigureNames)}.");
        bool better = _best is { } best
            ? _largerIsBetter ? value > best + minimumDelta : value < best - minimumDelta
            : !double.IsNaN(value);
        if (better)
        {
            _best = value;
        }

        return better;
    }
}
