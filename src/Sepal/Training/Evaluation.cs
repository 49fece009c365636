namespace Sepal.Training;

/// <summary>What a model is worth on a data set.</summary>
/// <param name="Loss">The mean loss over all examples, penalties included.</param>
/// <param name="Metrics">The metrics by name, in the order they were compiled in.</param>
public sealed record Evaluation(double Loss, IReadOnlyDictionary<string, double> Metrics)
{
    /// <summary>A metric by its name.</summary>
    /// <param name="metric">For example <c>accuracy</c>.</param>
    /// <exception cref="SepalException">The model was compiled without it.</exception>
    public double this[string metric] => Metrics.TryGetValue(metric, out double value)
        ? value
        : throw new SepalException(
            $"The model was compiled without the metric '{metric}'. It has: {(Metrics.Count == 0 ? "none" : string.Join(", ", Metrics.Keys))}.");

    /// <summary>Takes the result apart, as in <c>var (loss, accuracy) = model.Evaluate(test);</c>.</summary>
    /// <param name="loss">The loss.</param>
    /// <param name="metric">The first metric.</param>
    public void Deconstruct(out double loss, out double metric)
    {
        loss = Loss;
        metric = Metrics.Count > 0
            ? Metrics.First().Value
            : throw new SepalException("The model was compiled without a metric. Give Compile one, for example new Accuracy().");
    }
}
