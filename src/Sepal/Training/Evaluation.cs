namespace Sepal.Training;

/// <summary>What a model is worth on a data set.</summary>
public sealed class Evaluation
{
    internal Evaluation(double loss, IReadOnlyDictionary<string, double> metrics)
    {
        Loss = loss;
        Metrics = metrics;
    }

    /// <summary>The mean loss over all examples, penalties included.</summary>
    public double Loss { get; }

    /// <summary>The metrics by name, in the order they were compiled in.</summary>
    public IReadOnlyDictionary<string, double> Metrics { get; }

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
