using System.Globalization;
using Sepal.Cli.Tables;

namespace Sepal.Cli.Costs;

/// <summary>What <c>sepal cost --measure</c> says, as its JSON holds it.</summary>
/// <param name="Model">The file or the architecture.</param>
/// <param name="Input">The first input's shape, without the batch.</param>
/// <param name="Batch">Images in the batch.</param>
/// <param name="Threads">Threads that computed.</param>
/// <param name="Runs">How many runs the medians are of.</param>
/// <param name="MeasuredSeconds">The median of a whole run.</param>
/// <param name="PredictedSeconds">The roofline time of all layers, none of them fused.</param>
/// <param name="Ratio">The one over the other.</param>
/// <param name="Steps">The steps, in the order in which they run.</param>
/// <param name="Vanished">Layers that no step computes.</param>
internal sealed record MeasuredReport(
    string Model,
    long[] Input,
    int Batch,
    int Threads,
    int Runs,
    double MeasuredSeconds,
    double PredictedSeconds,
    double Ratio,
    MeasuredReport.Step[] Steps,
    string[] Vanished)
{
    private const int MostDifferent = 5;

    /// <summary>Makes the report.</summary>
    /// <param name="measured">What was measured.</param>
    /// <returns>Tables, sentences and JSON.</returns>
    public static Report Of(MeasuredModel measured)
    {
        double seconds = measured.Profile.RunMilliseconds / 1000;
        var json = new MeasuredReport(
            measured.Model.Name,
            measured.Model.Input,
            measured.Model.Cost.Batch,
            measured.Profile.Threads,
            measured.Profile.Runs,
            seconds,
            measured.PredictedSeconds,
            seconds / measured.PredictedSeconds,
            [.. measured.Steps.Select(step => new Step(
                step.Name,
                [.. step.Layers.Select(layer => layer.Name)],
                string.Join(" + ", step.Layers.Select(layer => layer.Kind)),
                step.Layers.Sum(layer => layer.MultiplyAccumulates),
                step.MeasuredSeconds,
                step.PredictedSeconds,
                step.Ratio))],
            [.. measured.Vanished.Select(layer => layer.Name)]);
        Step[] different = [.. json.Steps.OrderByDescending(step => Math.Abs(step.MeasuredSeconds - step.PredictedSeconds)).Take(MostDifferent)];
        return Report.Of(
            json,
            CliJson.Default.MeasuredReport,
            [Table(json.Steps, null), Table(different, "Where they differ most")],
            [json.Note()]);
    }

    private static Table Table(Step[] steps, string? title)
    {
        var table = new Table(
            new Column("Step", "name"),
            new Column("Computes", "kind"),
            new Column("MACs", "macs", IsNumeric: true),
            new Column("Measured µs", "measuredMicroseconds", IsNumeric: true),
            new Column("Predicted µs", "predictedMicroseconds", IsNumeric: true),
            new Column("Ratio", "ratio", IsNumeric: true))
        {
            Title = title,
        };
        foreach (Step step in steps)
        {
            table.Add(
                step.Name,
                step.Kind,
                step.Macs,
                Cell.Number(1e6 * step.MeasuredSeconds, "F1"),
                Cell.Number(1e6 * step.PredictedSeconds, "F1"),
                step.Ratio is { } ratio ? Cell.Number(ratio, "F2") : "–");
        }

        return table;
    }

    private string Note()
    {
        string threads = Threads == 1 ? "1 thread" : string.Create(CultureInfo.InvariantCulture, $"{Threads} threads");
        return string.Create(
            CultureInfo.InvariantCulture,
            $"A run on {threads} takes {1000 * MeasuredSeconds:F3} ms (the median of {Runs}), {Ratio:F2} times the {1000 * PredictedSeconds:F3} ms that the roofline predicts. "
            + $"A step that computes several layers spares the memory traffic between them, which the prediction counts; ratios below 1 come from that and from caches. "
            + $"{(Vanished.Length == 1 ? "1 layer is" : $"{Vanished.Length} layers are")} in no step: folded into others, or of no effect at inference.");
    }

    /// <summary>A step of the run.</summary>
    /// <param name="Name">The node that it is named after.</param>
    /// <param name="Layers">The layers that it computes.</param>
    /// <param name="Kind">What they are.</param>
    /// <param name="Macs">Their multiply-adds.</param>
    /// <param name="MeasuredSeconds">The median.</param>
    /// <param name="PredictedSeconds">Their roofline times, added up.</param>
    /// <param name="Ratio">The one over the other; null where nothing was predicted.</param>
    internal sealed record Step(
        string Name, string[] Layers, string Kind, long Macs, double MeasuredSeconds, double PredictedSeconds, double? Ratio);
}
