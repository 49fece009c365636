using Sepal.Graphs;
using Sepal.Training;

namespace Sepal.Shrinking;

/// <summary>Mean and variance of every channel that a layer reads, over images and places.</summary>
internal sealed class ChannelStatistics
{
    private const int BatchSize = 16;

    private readonly Dictionary<Value, (double[] Means, double[] Variances)> _values = [];

    private ChannelStatistics()
    {
    }

    /// <summary>Runs a model on images.</summary>
    /// <param name="graph">The model's graph, or a rewritten one with its parameters.</param>
    /// <param name="model">The model.</param>
    /// <param name="values">Values of the graph, channels last.</param>
    /// <param name="images">The images.</param>
    /// <param name="options">How many images, and with what.</param>
    /// <exception cref="SepalException">The images do not fit the model.</exception>
    public static ChannelStatistics Of(Graph graph, Model model, IEnumerable<Value> values, Dataset images, PruningOptions options)
    {
        Shape expected = graph.Inputs[0].Shape.WithoutBatch();
        if (graph.Inputs.Length != 1 || images.Count < 1 || !images.InputShape.Equals(expected))
        {
            throw new SepalException(
                $"Pruning was given {images.Count} image(s) of the shape {images.InputShape}, but the model's input '{graph.Inputs[0].Name}' has "
                + $"{expected}{(graph.Inputs.Length == 1 ? string.Empty : $", and it has {graph.Inputs.Length} inputs")}. Give images of the model's size.");
        }

        Value[] wanted = [.. values.Distinct()];
        var sums = new Dictionary<Value, (double[] Sums, double[] Squares, long Count)>();
        using var run = new ImageRun(graph.For([.. wanted]), model.Store, images, BatchSize, options.Threads);
        run.Run(
            ImageSelection.Spread(images, options.MaximumImages),
            (_, _, predictor) =>
            {
                for (int index = 0; index < wanted.Length; index++)
                {
                    sums[wanted[index]] = Add(sums.GetValueOrDefault(wanted[index]), predictor.OutputAt(index), (int)wanted[index].Spec.Channels.Value);
                }
            },
            options.CancellationToken);

        var statistics = new ChannelStatistics();
        foreach ((Value value, (double[] sum, double[] squares, long places)) in sums)
        {
            double[] means = [.. sum.Select(total => total / places)];
            statistics._values.Add(value, (means, [.. squares.Select((total, channel) => Math.Max((total / places) - (means[channel] * means[channel]), 0))]));
        }

        return statistics;
    }

    /// <summary>The mean of every channel of a value.</summary>
    public double[] Means(Value value) => _values[value].Means;

    /// <summary>The variance of every channel of a value.</summary>
    public double[] Variances(Value value) => _values[value].Variances;

    private static (double[] Sums, double[] Squares, long Count) Add(
        (double[]? Sums, double[]? Squares, long Count) totals, ReadOnlySpan<float> values, int channels)
    {
        double[] sums = totals.Sums ?? new double[channels];
        double[] squares = totals.Squares ?? new double[channels];
        for (int place = 0; place < values.Length; place += channels)
        {
            ReadOnlySpan<float> row = values.Slice(place, channels);
            for (int channel = 0; channel < channels; channel++)
            {
                sums[channel] += row[channel];
                squares[channel] += (double)row[channel] * row[channel];
            }
        }

        return (sums, squares, totals.Count + (values.Length / channels));
    }
}
