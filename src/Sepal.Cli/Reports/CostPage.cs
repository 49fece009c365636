using System.Collections.Immutable;
using System.Globalization;
using System.Xml.Linq;
using Sepal.Cli.Costs;
using Sepal.Cli.Tables;
using Sepal.Costs;
using static System.FormattableString;
using static Sepal.Cli.Reports.Html;

namespace Sepal.Cli.Reports;

/// <summary>What a model costs as one self-contained page, for wide and narrow, light and dark screens.</summary>
internal static class CostPage
{
    /// <summary>Renders the page.</summary>
    /// <param name="model">The model.</param>
    /// <param name="measured">What was measured; null where nothing was.</param>
    /// <returns>The file's text.</returns>
    public static string Render(CountedModel model, MeasuredModel? measured) => Page(
        $"What {model.Name} costs",
        Head(model),
        Tiles(model.Cost, measured),
        Element(
            "section",
            null,
            Element("h2", null, "Where it goes"),
            Element("p", "note", "Convolutions with a kernel a channel (depthwise), 1×1 (pointwise), all others (standard); dense layers; and the rest."),
            CategoryColors.Legend(),
            ShareBars.Render(model.Cost)),
        Roofline(model, measured),
        measured is null ? null : Section(
            "Measured beside predicted",
            "A step may compute several layers; what it spares of memory traffic the prediction counts.",
            SortableTable.Render(MeasuredReport.Of(measured).Tables[0])),
        Section("The layers", "A click on a heading sorts.", SortableTable.Render(LayerTable(model.Cost))),
        Element(
            "section",
            null,
            Element("h2", null, "The graph"),
            Element("p", "note", "Top to bottom. A box is a layer, or a block where there are many; the line at its foot is its share of the MACs, the colour where most of them go."),
            Element("div", "card scroll drawing", GraphDrawing.ToSvg(model))),
        Element("footer", null, "Made by sepal cost. This page loads nothing from anywhere."),
        SortableTable.Script());

    private static XElement Head(CountedModel model) => Element(
        "header",
        null,
        Element("p", "eyebrow", "sepal cost"),
        Element("h1", null, Path.GetFileName(model.Name)),
        Element(
            "p",
            "verdict",
            Invariant($"For {(model.Cost.Batch == 1 ? "one" : model.Cost.Batch.ToString("N0", CultureInfo.InvariantCulture))} {string.Join('×', model.Input)} ")
            + Invariant($"input{(model.Cost.Batch == 1 ? string.Empty : "s")}: {model.Cost.MultiplyAccumulates:N0} multiply-adds (MACs), {model.Cost.TotalParameters:N0} parameters.")),
        model.Cost.UncountedNodes.Any()
            ? Element("p", "warning", $"Not counted, since their operators are unknown: {string.Join(", ", model.Cost.UncountedNodes.Select(node => node.Name))}.")
            : null);

    private static XElement Tiles(ModelCost cost, MeasuredModel? measured)
    {
        (string Label, string Figure) time = (cost.RooflineSeconds, measured) switch
        {
            (_, { } run) => ("measured for a run", Invariant($"{run.Profile.RunMilliseconds:0.00} ms")),
            ({ } seconds, _) => ("roofline time", Invariant($"{1000 * seconds:0.00} ms")),
            _ => ("element operations", Quantities.Short(cost.ElementOperations)),
        };
        return Element(
            "dl",
            "tiles",
            Tile("multiply-adds (MACs)", Quantities.Short(cost.MultiplyAccumulates)),
            Tile("parameters", Quantities.Short(cost.TotalParameters)),
            Tile("memory: parameters and peak activations", Quantities.ShortBytes(cost.Memory.InferenceBytes)),
            Tile(time.Label, time.Figure));

        static XElement Tile(string label, string figure) => Element("div", null, Element("dd", null, figure), Element("dt", null, label));
    }

    private static XElement? Roofline(CountedModel model, MeasuredModel? measured)
    {
        if (model.Options.Machine is not { } machine)
        {
            return null;
        }

        int without = model.Cost.Nodes.Count(node => node.ArithmeticIntensity <= 0);
        string left = without switch
        {
            0 => string.Empty,
            1 => " One layer does no arithmetic and is left out.",
            _ => Invariant($" {without} layers do no arithmetic and are left out."),
        };
        string what = measured is null
            ? "A layer lies where the roof lets it at most; larger marks take longer."
            : "A step lies where it came to, also above the roof where data stay in caches or between fused layers; larger marks took longer.";
        return Element(
            "section",
            null,
            Element("h2", null, "Roofline"),
            Element(
                "p",
                "note",
                Invariant($"The machine does {machine.FlopsPerSecond / 1e9:0.#} GFLOP/s and moves {machine.BytesPerSecond / 1e9:0.#} GB/s: below {machine.RidgePoint:0.#} operations a byte memory limits a layer, above it arithmetic. ")
                + what + left),
            CategoryColors.Legend(),
            Element("div", "card", RooflineChart.ToSvg(machine, model.Cost, measured)));
    }

    private static XElement Section(string heading, string note, XElement table) => Element(
        "section", null, Element("h2", null, heading), Element("p", "note", note), Element("div", "card scroll tall", table));

    private static Table LayerTable(ModelCost cost)
    {
        bool hasTime = cost.RooflineSeconds is not null;
        ImmutableArray<Column> columns =
        [
            new("Layer", "name"), new("Kind", "kind"), new("Output", "output"), new("Parameters", "parameters", IsNumeric: true),
            new("MACs", "macs", IsNumeric: true), new("Element operations", "elementOperations", IsNumeric: true),
            new("Bytes", "bytes", IsNumeric: true), new("Operations a byte", "intensity", IsNumeric: true),
            .. hasTime ? (Column[])[new("Roofline µs", "rooflineMicroseconds", IsNumeric: true)] : [],
        ];
        var table = new Table(columns);
        foreach (NodeCost node in cost.Nodes)
        {
            long[] output = CountedModel.Extents(node.OutputShape);
            table.Add(
                [
                    node.Name, node.Kind, output.Length == 0 ? "scalar" : Cell.Extents(output), node.TotalParameters,
                    node.IsCounted ? node.MultiplyAccumulates : new Cell("unknown", "-1"), node.ElementOperations, node.Bytes,
                    Cell.Number(node.ArithmeticIntensity, "F2"),
                    .. hasTime ? (Cell[])[Cell.Number(1e6 * node.RooflineSeconds!.Value, "F1")] : [],
                ]);
        }

        return table;
    }
}
