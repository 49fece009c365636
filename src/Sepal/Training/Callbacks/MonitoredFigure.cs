namespace Sepal.Training.Callbacks;

/// <summary>The best value so far of one of an epoch's figures.</summary>
/// <param name="name">The figure: <c>loss</c>, <c>val_accuracy</c>, ….</param>
internal sealed class MonitoredFigure(string name)
{
    // Losses and errors should fall; accuracies should rise.
    private readonly bool _smallerIsBetter =
        name.EndsWith("loss", StringComparison.Ordinal) || name.EndsWith("error", StringComparison.Ordinal);

    private double? _best;

    /// <summary>Whether an epoch is better than all before it, by more than a given amount.</summary>
    /// <exception cref="SepalException">The epoch has no such figure.</exception>
    public bool Improves(EpochResult result, double minimumDelta)
    {
        double value = result.Figure(name) ?? throw new SepalException(
            $"There is no figure '{name}' to watch. Give Fit validation data for figures that begin with val_, and compile the "
            + $"model with the metric. This epoch has: {string.Join(", ", result.FigureNames)}.");
        bool better = _best is not { } best || (_smallerIsBetter ? value < best - minimumDelta : value > best + minimumDelta);
        if (better)
        {
            _best = value;
        }

        return better;
    }
}
