using System.Collections.Immutable;
using System.Xml.Linq;
using Sepal.Cli.Costs;
using Sepal.Cli.Shrinking;
using static System.FormattableString;
using static Sepal.Cli.Reports.Html;

namespace Sepal.Cli.Reports;

/// <summary>What was done to a network to shrink it, as one self-contained page, for wide and narrow, light and dark screens.</summary>
internal static class ShrinkPage
{
    /// <summary>Renders the page.</summary>
    /// <param name="report">The figures.</param>
    /// <returns>The file's text.</returns>
    public static string Render(ShrinkReport report) => Page(
        $"{Path.GetFileName(report.Model)}, shrunk",
        Head(report),
        Tiles(report),
        Section(
            "Before and after",
            $"One multiply-add (MAC) is one multiplication and one addition, for one image. Times are medians of both networks, run by turns. The files: {Path.GetFileName(report.Model)} and {Path.GetFileName(report.Output)}.",
            SortableTable.Render(ShrinkTables.Totals(report))),
        Section($"{Capital(report.Quality)} after every step", StagesNote(report), SortableTable.Render(ShrinkTables.Stages(report))),
        Element(
            "section",
            null,
            Element("h2", null, "What was to be had"),
            Element("p", "note", FrontNote(report)),
            ParetoChart.Legend(report),
            Element("figure", "card pareto", ParetoChart.ToSvg(report)),
            Element("div", "card scroll tall apart", SortableTable.Render(ShrinkTables.Networks(report)))),
        Layers(report),
        Element(
            "section",
            null,
            Element("h2", null, "How it was done"),
            Element("dl", "card facts", Facts(report).Select(fact => (object[])[Element("dt", null, fact.Name), Element("dd", null, fact.Text)]))),
        Element("footer", null, "Made by sepal shrink. This page loads nothing from anywhere."),
        SortableTable.Script());

    private static XElement Head(ShrinkReport report) => Element(
        "header",
        null,
        Element("p", "eyebrow", $"sepal shrink · {report.Data}"),
        Element("h1", null, $"{Path.GetFileName(report.Model)}, shrunk"),
        Element("p", "verdict", ShrinkTables.Verdict(report)),
        ShrinkTables.Notes(report).Skip(1).Select(note => Element("p", "warning", note)));

    private static XElement Tiles(ShrinkReport report)
    {
        return Element(
            "dl",
            "tiles",
            Tile("times as fast, measured", Invariant($"{report.SpeedUp:0.00}×")),
            Tile(Invariant($"multiply-adds, from {Quantities.Short(report.Original.Macs)}"), Quantities.Short(report.Shrunk.Macs)),
            Tile(Invariant($"parameters, from {Quantities.Short(report.Original.Parameters)}"), Quantities.Short(report.Shrunk.Parameters)),
            Tile(Invariant($"{report.Quality}, from {report.Stages[0].HeldOut:P2}"), Invariant($"{report.Stages[^1].HeldOut:P2}")));

        static XElement Tile(string label, string figure) => Element("div", null, Element("dd", null, figure), Element("dt", null, label));
    }

    private static string StagesNote(ShrinkReport report)
    {
        string measure = report.Quality switch
        {
            "accuracy" => "Accuracy: the share of the images that is told rightly.",
            "agreement" => "Agreement: the share of the images that is taken for the same class as by the original; no label was used.",
            _ => "Fidelity: 1 less the squared difference from the original's outputs, as a share of the outputs' squares; no label was used.",
        };
        string other = report.HeldOutImages > 0 ? " Nothing was chosen by the other images: what counts is what is reached there." : string.Empty;
        return measure + other;
    }

    private static string FrontNote(ShrinkReport report) =>
        Invariant($"{report.Networks.Length - 1} {(report.Networks.Length == 2 ? "network was" : "networks were")} made and measured on the {report.SearchImages:N0} images to choose by, before fine-tuning. ")
        + "Their times are the original's less what each replaced layer saves, as measured; in proportion where layers alone take longer than the original.";

    private static XElement Layers(ShrinkReport report)
    {
        ImmutableArray<ShrunkLayerRow> timed = [.. report.Layers.Where(layer => layer.MillisecondsBefore is not null)];
        double longest = timed.Select(layer => layer.MillisecondsBefore!.Value).DefaultIfEmpty(0).Max();
        return Element(
            "section",
            null,
            Element("h2", null, "Layer by layer"),
            Element(
                "p",
                "note",
                "Each convolution was timed alone against what could stand in its place, by turns, with Sepal's own kernels; only what is faster was ever chosen. "
                + "Error: how far the separable kernel is from the original's, before it was corrected on real activations. A click on a heading sorts."),
            timed.IsEmpty ? null : Element(
                "div",
                "card apart",
                Element(
                    "ul",
                    "legend",
                    Element("li", null, Element("span", "dot", Color(4)), "milliseconds before"),
                    Element("li", null, Element("span", "dot", Color(1)), "after, replaced"),
                    Element("li", null, Element("span", "dot", Color(2)), "after, kept")),
                Element("div", "shares", timed.Select(layer => Bars(layer, longest)))),
            Element("div", "card scroll apart", SortableTable.Render(ShrinkTables.Layers(report))));
    }

    private static XElement Bars(ShrunkLayerRow layer, double longest)
    {
        double before = layer.MillisecondsBefore!.Value;
        double after = layer.MillisecondsAfter!.Value;
        string became = layer.Replaced ? Invariant($"{layer.Form}, rank {layer.Rank}: {before:0.000} → {after:0.000} ms") : Invariant($"kept: {before:0.000} ms");
        return Element(
            "div",
            null,
            Element("div", "share-label", Element("strong", null, layer.Name), Element("span", null, became)),
            Bar(before, 4),
            Bar(after, layer.Replaced ? 1 : 2));

        XElement Bar(double milliseconds, int series) => Element(
            "span",
            "track",
            Element("span", "bar", Attribute("style", Invariant($"width:{(longest > 0 ? 100 * milliseconds / longest : 0):0.##}%;--color:var(--series-{series})"))));
    }

    private static XAttribute Color(int series) => Attribute("style", Invariant($"--color:var(--series-{series})"));

    private static IEnumerable<(string Name, string Text)> Facts(ShrinkReport report)
    {
        ShrinkSettings settings = report.Settings;
        string[] asked =
        [
            .. settings.MaxAccuracyDrop is { } drop ? (string[])[Invariant($"at most {100 * drop:0.##} points of {report.Quality} lost")] : [],
            .. settings.MaxMacs is { } macs ? (string[])[Invariant($"at most {macs:N0} multiply-adds")] : [],
            .. settings.MaxParams is { } parameters ? (string[])[Invariant($"at most {parameters:N0} parameters")] : [],
            .. settings.SpeedUp is { } speed ? (string[])[Invariant($"{speed:0.##} times as fast")] : [],
        ];
        yield return ("Asked for", string.Join(", ", asked));
        yield return ("Images", Invariant($"{report.TrainingImages:N0} to correct and fine-tune on, {report.SearchImages:N0} to choose by, {report.HeldOutImages:N0} for the report alone"));
        yield return ("Candidates", Invariant($"{string.Join(" and ", settings.Forms)}; each corrected on {settings.Images:N0} images and measured on as many"));
        yield return ("Fine-tuning", settings.FinetuneEpochs == 0
            ? "none"
            : Invariant($"{settings.FinetuneEpochs} epochs after the original ({(report.Quality == "accuracy" ? "distillation with labels" : "distillation, no labels")})"));
        yield return ("Pruning", settings.Prune == 0 ? "none" : Invariant($"{settings.Prune:P0} of the channels"));
        yield return ("Times", Invariant($"medians, batch {settings.Batch}, {settings.Threads} {(settings.Threads == 1 ? "thread" : "threads")}"));
        yield return ("Seed", Invariant($"{settings.Seed}"));
        yield return ("Took", Invariant($"{report.Seconds:0} s"));
    }

    private static XElement Section(string heading, string note, XElement table) => Element(
        "section", null, Element("h2", null, heading), Element("p", "note", note), Element("div", "card scroll tall", table));

    private static string Capital(string word) => char.ToUpperInvariant(word[0]) + word[1..];
}
