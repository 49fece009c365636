using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json.Serialization;
using Sepal.Cli.Tables;
using Sepal.Execution;

namespace Sepal.TrainingSpeed;

/// <summary>One network on one number of threads.</summary>
/// <param name="Network">Its name.</param>
/// <param name="Batch">Examples a step.</param>
/// <param name="Threads">Threads that compute.</param>
/// <param name="MsPerStep">Median milliseconds of a step: reading the batch, forward, backward, update, metrics.</param>
/// <param name="ImagesPerSecond">Examples a second.</param>
/// <param name="Gflops">Two times the multiply-adds a second, forward and backward, by the cost rules.</param>
/// <param name="ShareOfPeak">That divided by <paramref name="PeakGflops"/>.</param>
/// <param name="PeakGflops">The peak of so many threads together, measured beside.</param>
/// <param name="CorePeakGflops">The peak of one core, measured beside.</param>
/// <param name="Macs">Multiply-adds of a step.</param>
/// <param name="Steps">How many steps the median is of.</param>
/// <param name="SpeedUp">
/// Libtorch's milliseconds × 167 / (these milliseconds × a core's peak); null for numbers of threads that libtorch was not measured on.
/// </param>
/// <param name="PeakMemoryBytes">The most memory that was resident in this row's own process, the runtime included.</param>
/// <param name="TorchVersion">The version of PyTorch that was found; null where there is none.</param>
/// <param name="TorchMsPerStep">Median milliseconds of the same step in it.</param>
/// <param name="TorchRatio">The median over blocks of its time divided by Sepal's.</param>
/// <param name="SlowestSteps">The slowest steps of the plan, where asked for.</param>
internal sealed record TrainingRow(
    string Network,
    int Batch,
    int Threads,
    double MsPerStep,
    double ImagesPerSecond,
    double Gflops,
    double ShareOfPeak,
    double PeakGflops,
    double CorePeakGflops,
    long Macs,
    int Steps,
    double? SpeedUp,
    long PeakMemoryBytes,
    string? TorchVersion,
    double? TorchMsPerStep,
    double? TorchRatio,
    ImmutableArray<PlanStepTime> SlowestSteps);

/// <summary>Everything that was measured, as the JSON holds it.</summary>
/// <param name="PeakGflops">What one core can do: the median of what was measured beside the rows.</param>
/// <param name="Rows">The rows.</param>
internal sealed record TrainingReport(double PeakGflops, ImmutableArray<TrainingRow> Rows)
{
    public static TrainingReport Of(IReadOnlyCollection<TrainingRow> rows) =>
        new(Executor.Median([.. rows.Select(row => row.CorePeakGflops)]), [.. rows]);

    public Report ToReport()
    {
        List<string> notes =
        [
            "Times are medians of whole steps of training. Shares are of the fp32 multiply-add peak of so many threads, "
            + string.Create(CultureInfo.InvariantCulture, $"measured beside each row; one core's was {PeakGflops:F0} GFLOP/s. ")
            + string.Create(
                CultureInfo.InvariantCulture,
                $"Against libtorch: its milliseconds × {TrainingNetwork.LibtorchPeakGflops:F0} / (milliseconds × peak of a core)."),
        ];
        if (Rows.FirstOrDefault(row => row.TorchVersion is not null) is { } row)
        {
            notes.Add($"PyTorch {row.TorchVersion} made the same steps, in blocks that alternate; its ratio is its time divided by Sepal's.");
        }

        return Report.Of(
            this, TrainingJson.Default.TrainingReport, [Speeds(), .. Rows.Where(row => !row.SlowestSteps.IsEmpty).Select(Steps)], [.. notes]);
    }

    private Table Speeds()
    {
        var table = new Table(
            new("Network", "network"),
            new("Batch", "batch", IsNumeric: true),
            new("Threads", "threads", IsNumeric: true),
            new("Step ms", "msPerStep", IsNumeric: true),
            new("Images/s", "imagesPerSecond", IsNumeric: true),
            new("GFLOP/s", "gflops", IsNumeric: true),
            new("Of peak", "shareOfPeak", IsNumeric: true),
            new("Core peak", "corePeakGflops", IsNumeric: true),
            new("Against libtorch", "speedUp", IsNumeric: true),
            new("Peak memory MB", "peakMemoryBytes", IsNumeric: true),
            new("PyTorch ms", "torchMsPerStep", IsNumeric: true),
            new("Ratio", "torchRatio", IsNumeric: true));
        foreach (TrainingRow row in Rows)
        {
            table.Add(
                row.Network,
                (long)row.Batch,
                (long)row.Threads,
                Cell.Number(row.MsPerStep, "F2"),
                Cell.Number(row.ImagesPerSecond, "F0"),
                Cell.Number(row.Gflops, "F0"),
                Cell.Number(row.ShareOfPeak, "P0"),
                Cell.Number(row.CorePeakGflops, "F0"),
                Optional(row.SpeedUp, "F2"),
                new Cell(
                    (row.PeakMemoryBytes / 1e6).ToString("F0", CultureInfo.InvariantCulture),
                    row.PeakMemoryBytes.ToString(CultureInfo.InvariantCulture)),
                Optional(row.TorchMsPerStep, "F1"),
                Optional(row.TorchRatio, "F2"));
        }

        return table;
    }

    private static Table Steps(TrainingRow row)
    {
        var table = new Table(
            new("Node", "node"),
            new("Does", "action"),
            new("Parts", "parts", IsNumeric: true),
            new("Time ms", "milliseconds", IsNumeric: true))
        {
            Title = string.Create(CultureInfo.InvariantCulture, $"{row.Network}, {row.Threads} thread(s): the slowest steps of the plan"),
        };
        foreach (PlanStepTime step in row.SlowestSteps)
        {
            table.Add(step.Node, step.Action, (long)step.Parts, Cell.Number(step.Milliseconds, "F3"));
        }

        return table;
    }

    private static Cell Optional(double? value, string format) => value is { } number ? Cell.Number(number, format) : new Cell("–", "");
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(TrainingReport))]
[JsonSerializable(typeof(TrainingRow))]
internal sealed partial class TrainingJson : JsonSerializerContext;
