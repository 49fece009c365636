using System.Diagnostics;
using Sepal.Execution;
using Sepal.Inference;
using Sepal.Randomness;

namespace Sepal;

/// <summary>What one layer takes.</summary>
/// <param name="Layer">The layer's name: the first part of its nodes' paths.</param>
/// <param name="Milliseconds">The median time of its steps, added up.</param>
public sealed record LayerTime(string Layer, double Milliseconds);

/// <content>Measuring time.</content>
public partial class Model
{
    private const int WarmUpRuns = 20;

    /// <summary>Measures how long one example takes, in milliseconds.</summary>
    /// <param name="threads">Threads to compute with.</param>
    /// <param name="runs">How many runs the median is of; some more warm up.</param>
    /// <returns>The median time of a run, in milliseconds.</returns>
    public double MeasureLatency(int threads = 1, int runs = 200)
    {
        RequireAtLeastOne(runs, "runs");
        using Predictor predictor = ForMeasurement(threads);
        var times = new double[runs];
        for (int run = -WarmUpRuns; run < runs; run++)
        {
            long start = Stopwatch.GetTimestamp();
            predictor.Run();
            if (run >= 0)
            {
                times[run] = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
            }
        }

        return Executor.Median(times);
    }

    /// <summary>Measures how long each layer takes on one example.</summary>
    /// <param name="threads">Threads to compute with.</param>
    /// <param name="runs">How many runs the medians are of.</param>
    /// <returns>One time a layer that does anything, in the order in which they run.</returns>
    public IReadOnlyList<LayerTime> ProfileLayers(int threads = 1, int runs = 200)
    {
        RequireAtLeastOne(runs, "runs");
        using Predictor predictor = ForMeasurement(threads);
        predictor.Profile(WarmUpRuns);
        double[] times = predictor.Profile(runs);
        var layers = new OrderedDictionary<string, double>(StringComparer.Ordinal);
        for (int index = 0; index < times.Length; index++)
        {
            string layer = predictor.Steps[index].NodeName.Split('/')[0];
            layers[layer] = layers.GetValueOrDefault(layer) + times[index];
        }

        return [.. layers.Select(pair => new LayerTime(pair.Key, pair.Value))];
    }

    /// <summary>A plan for one example, with numbers of 0..1 in it: zeros and denormals would flatter or spoil the times.</summary>
    private Predictor ForMeasurement(int threads)
    {
        RequireAtLeastOne(threads, "threads");
        var predictor = new Predictor(Graph, Store, batch: 1, threads);
        for (int input = 0; input < Graph.Inputs.Length; input++)
        {
            var random = new RandomStream(seed: 0, stream: (ulong)input);
            foreach (ref float value in predictor.InputAt(input))
            {
                value = random.NextSingle();
            }
        }

        return predictor;
    }
}
