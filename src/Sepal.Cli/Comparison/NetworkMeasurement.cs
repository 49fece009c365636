using System.Collections.Immutable;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.X86;
using Sepal.Costs;

namespace Sepal.Cli.Comparison;

/// <summary>Measures what trained networks take to run, and counts what they hold.</summary>
internal static class NetworkMeasurement
{
    // Networks take turns, so that a machine that slows down for a while slows all of them down.
    private const int Rounds = 5;
    private const int RunsARound = 50;

    /// <summary>Measures the time of a single image on one thread: the median of each round, and of the rounds.</summary>
    /// <param name="models">The networks.</param>
    /// <returns>Milliseconds, one a network.</returns>
    public static ImmutableArray<double> Latencies(IReadOnlyList<Model> models)
    {
        double[][] times = [.. models.Select(_ => new double[Rounds])];
        for (int round = 0; round < Rounds; round++)
        {
            for (int index = 0; index < models.Count; index++)
            {
                times[index][round] = models[index].MeasureLatency(threads: 1, RunsARound);
            }
        }

        return [.. times.Select(rounds => rounds.Order().ElementAt(Rounds / 2))];
    }

    /// <summary>Counts and times a network layer by layer.</summary>
    /// <param name="model">The network.</param>
    /// <returns>One row a layer, in order.</returns>
    public static ImmutableArray<LayerRow> Layers(Model model)
    {
        Dictionary<string, double> times = model.ProfileLayers(threads: 1, Rounds * RunsARound)
            .ToDictionary(time => time.Layer, time => time.Milliseconds, StringComparer.Ordinal);
        return
        [
            .. ModelCost.Of(model.Graph).Layers.Select(layer => new LayerRow(
                layer.Name,
                layer.Type,
                [.. layer.OutputShape.WithoutBatch().Select(extent => (int)extent.Value)],
                layer.TrainableParameters,
                layer.MultiplyAccumulates,
                times.GetValueOrDefault(layer.Name))),
        ];
    }

    /// <summary>Describes this machine.</summary>
    /// <returns>Cores, architecture and runtime.</returns>
    public static MachineDescription Machine()
    {
        string vectors = (Avx512F.IsSupported, Avx2.IsSupported) switch
        {
            (true, _) => ", AVX-512",
            (_, true) => ", AVX2",
            _ => string.Empty,
        };
        return new MachineDescription(
            Environment.ProcessorCount,
            RuntimeInformation.ProcessArchitecture.ToString().ToLowerInvariant() + vectors,
            RuntimeInformation.FrameworkDescription);
    }
}
