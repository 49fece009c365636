using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json.Serialization;
using Sepal.Cli.Tables;

namespace Sepal.Peers;

/// <summary>One model at one batch on one number of threads.</summary>
/// <param name="Model">Its name.</param>
/// <param name="Batch">Images in a run.</param>
/// <param name="Threads">Threads that compute.</param>
/// <param name="SepalMs">Median milliseconds of a run, alternating with ONNX Runtime.</param>
/// <param name="OnnxRuntimeMs">Likewise.</param>
/// <param name="Ratio">The median over pairs of blocks of ONNX Runtime's time divided by Sepal's.</param>
/// <param name="ShareOfPeak">Sepal's GFLOP/s divided by <paramref name="PeakGflops"/>.</param>
/// <param name="Macs">Multiply-adds of a run, by the cost rules.</param>
/// <param name="SepalGflops">Two times the multiply-adds a second.</param>
/// <param name="OnnxRuntimeGflops">Likewise.</param>
/// <param name="PeakGflops">The peak of so many threads together, measured just before.</param>
/// <param name="MaximumDifference">The largest difference between the outputs, as a share of their span.</param>
/// <param name="SepalAllocatedBytes">Managed bytes allocated by a run.</param>
/// <param name="OnnxRuntimeAllocatedBytes">Likewise.</param>
/// <param name="NoisyBlocks">Blocks that began while the other engine's threads were still busy.</param>
/// <param name="SepalAlone">Figures of a process of its own; null where not measured.</param>
/// <param name="OnnxRuntimeAlone">Likewise.</param>
internal sealed record PeersRow(
    string Model,
    int Batch,
    int Threads,
    double SepalMs,
    double OnnxRuntimeMs,
    double Ratio,
    double ShareOfPeak,
    long Macs,
    double SepalGflops,
    double OnnxRuntimeGflops,
    double PeakGflops,
    double MaximumDifference,
    double SepalAllocatedBytes,
    double OnnxRuntimeAllocatedBytes,
    int NoisyBlocks,
    EngineFigures? SepalAlone,
    EngineFigures? OnnxRuntimeAlone);

/// <summary>A geometric mean of ratios.</summary>
/// <param name="Threads">Of the rows on this many threads.</param>
/// <param name="Networks">How many of the separable networks were measured.</param>
/// <param name="Geomean">The mean.</param>
internal sealed record ThreadMean(int Threads, int Networks, double Geomean);

/// <summary>Everything that was measured, as the JSON holds it.</summary>
/// <param name="PeakGflops">What one thread can do: the median of what was measured beside the rows.</param>
/// <param name="Rows">The rows.</param>
/// <param name="Geomean">The geometric mean of the ratios of the separable networks at batch 1; null where none was measured.</param>
/// <param name="GeomeanByThreads">Likewise, for each number of threads.</param>
internal sealed record PeersReport(
    double PeakGflops, ImmutableArray<PeersRow> Rows, double? Geomean, ImmutableArray<ThreadMean> GeomeanByThreads)
{
    public static PeersReport Of(double peak, IReadOnlyCollection<PeersRow> rows)
    {
        PeersRow[] counted = [.. rows.Where(row => row.Batch == 1 && PeerModel.Separable.Contains(row.Model))];
        return new PeersReport(
            peak,
            [.. rows],
            counted.Length == 0 ? null : Mean(counted),
            [.. counted.GroupBy(row => row.Threads).Select(group => new ThreadMean(group.Key, group.Count(), Mean([.. group])))]);
    }

    public Report ToReport(IReadOnlyCollection<string> remarks)
    {
        List<string> notes =
        [
            "Times are medians in milliseconds, of runs that alternate in blocks in one process; a ratio above 1 means that Sepal is "
            + "faster, and is the median over neighbouring blocks. Shares are of the fp32 multiply-add peak of so many threads, "
            + string.Create(CultureInfo.InvariantCulture, $"measured beside each row; one thread's was {PeakGflops:F0} GFLOP/s."),
            .. GeomeanByThreads.Select(mean => string.Create(
                CultureInfo.InvariantCulture,
                $"Geometric mean of the ratio over {mean.Networks} of {PeerModel.Separable.Count} separable networks, batch 1, {mean.Threads} thread(s): {mean.Geomean:F3}")),
            .. remarks,
        ];
        bool isAloneMeasured = Rows.Any(row => row.SepalAlone is not null);
        return Report.Of(this, PeersJson.Default.PeersReport, isAloneMeasured ? [Speeds(), Processes()] : [Speeds()], [.. notes]);
    }

    private static double Mean(IReadOnlyCollection<PeersRow> rows) => Medians.GeometricMean([.. rows.Select(row => row.Ratio)]);

    private Table Speeds()
    {
        var table = new Table(
            new("Model", "model"),
            new("Batch", "batch", IsNumeric: true),
            new("Threads", "threads", IsNumeric: true),
            new("Sepal ms", "sepalMs", IsNumeric: true),
            new("ONNX Runtime ms", "onnxRuntimeMs", IsNumeric: true),
            new("Ratio", "ratio", IsNumeric: true),
            new("MMACs", "macs", IsNumeric: true),
            new("GFLOP/s", "sepalGflops", IsNumeric: true),
            new("Of peak", "shareOfPeak", IsNumeric: true),
            new("ONNX Runtime GFLOP/s", "onnxRuntimeGflops", IsNumeric: true),
            new("Allocated", "sepalAllocatedBytes", IsNumeric: true),
            new("ONNX Runtime allocated", "onnxRuntimeAllocatedBytes", IsNumeric: true),
            new("Difference", "maximumDifference", IsNumeric: true));
        foreach (PeersRow row in Rows)
        {
            table.Add(
                row.Model,
                (long)row.Batch,
                (long)row.Threads,
                Cell.Number(row.SepalMs, "F3"),
                Cell.Number(row.OnnxRuntimeMs, "F3"),
                Cell.Number(row.Ratio, "F3"),
                new Cell((row.Macs / 1e6).ToString("N0", CultureInfo.InvariantCulture), row.Macs.ToString(CultureInfo.InvariantCulture)),
                Cell.Number(row.SepalGflops, "F0"),
                Cell.Number(row.ShareOfPeak, "P0"),
                Cell.Number(row.OnnxRuntimeGflops, "F0"),
                Cell.Number(row.SepalAllocatedBytes, "F0"),
                Cell.Number(row.OnnxRuntimeAllocatedBytes, "F0"),
                Cell.Number(row.MaximumDifference, "E1"));
        }

        return table;
    }

    private Table Processes()
    {
        var table = new Table(
            new("Model", "model"),
            new("Batch", "batch", IsNumeric: true),
            new("Threads", "threads", IsNumeric: true),
            new("Engine", "engine"),
            new("Run ms", "milliseconds", IsNumeric: true),
            new("Peak memory MB", "peakMemoryBytes", IsNumeric: true),
            new("Cold first result ms", "firstResultMilliseconds", IsNumeric: true),
            new("Warm creation ms", "creationMilliseconds", IsNumeric: true))
        {
            Title = "Each engine in processes of its own",
        };
        foreach (PeersRow row in Rows)
        {
            foreach ((string engine, EngineFigures? figures) in new[] { ("Sepal", row.SepalAlone), ("ONNX Runtime", row.OnnxRuntimeAlone) })
            {
                if (figures is not null)
                {
                    table.Add(
                        row.Model,
                        (long)row.Batch,
                        (long)row.Threads,
                        engine,
                        Cell.Number(figures.Milliseconds, "F3"),
                        new Cell(
                            (figures.PeakMemoryBytes / 1e6).ToString("F1", CultureInfo.InvariantCulture),
                            figures.PeakMemoryBytes.ToString(CultureInfo.InvariantCulture)),
                        Cell.Number(figures.FirstResultMilliseconds, "F0"),
                        Cell.Number(figures.CreationMilliseconds, "F0"));
                }
            }
        }

        return table;
    }
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(PeersReport))]
[JsonSerializable(typeof(EngineFigures))]
internal sealed partial class PeersJson : JsonSerializerContext;
