using System.Collections.Immutable;
using System.Xml.Linq;
using Sepal.Cli.Comparison;
using Sepal.Cli.Tables;
using static System.FormattableString;
using static Sepal.Cli.Reports.Html;

namespace Sepal.Cli.Reports;

/// <summary>The comparison as one self-contained page, for wide and narrow, light and dark screens.</summary>
internal static class ComparisonPage
{
    /// <summary>Renders the page.</summary>
    /// <param name="result">The comparison, complete or not.</param>
    /// <returns>The file's text.</returns>
    public static string Render(ComparisonResult result) =>
        Page(
            $"Standard and separable convolutions: {result.Data.Name}",
            Head(result),
            Tiles(result),
            Element(
                "section",
                null,
                Element("h2", null, "The networks"),
                Element("div", "card scroll", NetworkTable(result))),
            Element("section", "card summary", Element("h2", null, "What it saved and what it cost"), Element("p", null, result.Summary)),
            Curves(result),
            Element(
                "section",
                null,
                Element("h2", null, "Where the cost is"),
                Element(
                    "p",
                    "note",
                    "Each layer's parameters, multiply-adds (MACs) and time for one image on one thread. Bars are on the same scale in all networks."),
                Element("div", "grid", result.Networks.Select(network => LayerBars.Render(result, network, ColorOf(network.Name))))),
            Pictures(result),
            Method(result),
            Element("footer", null, "Made by sepal compare. This page loads nothing from anywhere."));

    /// <summary>The style that gives an element a network's colour.</summary>
    /// <param name="name">The network.</param>
    /// <returns>A <c>style</c> attribute.</returns>
    private static XAttribute ColorOf(string name) => Attribute("style", $"--color:var(--series-{SeriesOf(name)})");

    /// <summary>A network's colour and marker, the same whichever networks are shown.</summary>
    private static int SeriesOf(string name) => NetworkNames.All.IndexOf(name);

    private static XElement Head(ComparisonResult result) =>
        Element(
            "header",
            null,
            Element("p", "eyebrow", $"sepal compare · {result.Data.Name}"),
            Element("h1", null, "Standard and separable convolutions, side by side"),
            Element("p", "verdict", result.Verdict),
            result.Complete
                ? null
                : Element(
                    "p",
                    "warning",
                    Invariant($"Not all networks are here: the run has finished {result.Networks.Length} of {NetworkNames.All.Length}.")));

    private static XElement? Tiles(ComparisonResult result)
    {
        if (result.Find(NetworkNames.Standard) is not { } standard || result.Find(NetworkNames.Separable) is not { } separable)
        {
            return null;
        }

        double points = 100 * (separable.TestAccuracy - standard.TestAccuracy);
        return Element(
            "dl",
            "tiles",
            Tile("convolution parameters", Invariant($"÷ {(double)standard.ConvolutionParameters / separable.ConvolutionParameters:0.0}")),
            Tile("convolution multiply-adds", Invariant($"÷ {(double)standard.ConvolutionMacs / separable.ConvolutionMacs:0.0}")),
            Tile("points of test accuracy", Invariant($"{(points < 0 ? "−" : "+")}{Math.Abs(points):0.00}")),
            Tile("time for one image", Invariant($"× {separable.LatencyMs / standard.LatencyMs:0.00}")));

        static XElement Tile(string label, string figure) =>
            Element("div", null, Element("dd", null, figure), Element("dt", null, $"{label}, separable against standard"));
    }

    private static XElement NetworkTable(ComparisonResult result)
    {
        Table table = ComparisonTables.Networks(result);
        return Element(
            "table",
            null,
            Element("thead", null, Element("tr", null, table.Columns.Select(column => Element("th", null, column.Title)))),
            Element("tbody", null, table.Rows.Select(row => Element(
                "tr",
                null,
                Element("th", null, Element("span", "dot", ColorOf(row[0].Text)), row[0].Text),
                row.Skip(1).Select(cell => Element("td", null, cell.Text))))));
    }

    private static XElement Curves(ComparisonResult result)
    {
        var accuracy = new LineChart(
            "Accuracy of each network after each epoch",
            "Epoch",
            "Accuracy (%)",
            Lines(result, row => 100 * row.Accuracy, row => 100 * row.TestAccuracy));
        var loss = new LineChart(
            "Loss of each network after each epoch",
            "Epoch",
            "Cross-entropy loss (nats)",
            Lines(result, row => row.Loss, row => row.TestLoss));
        return Element(
            "section",
            null,
            Element("h2", null, "How they learnt"),
            Element(
                "ul",
                "legend",
                result.Networks.Select(network => Element("li", null, ChartLegend.Key(SeriesOf(network.Name), dashed: false), network.Name)),
                Element("li", "note", ChartLegend.Key(series: null, dashed: true), "dashed: while training, where it is near enough to show")),
            Element(
                "div",
                "grid",
                Element("figure", "card", Element("figcaption", null, "Accuracy, higher is better"), accuracy.ToSvg("accuracy")),
                Element("figure", "card", Element("figcaption", null, "Loss, lower is better"), loss.ToSvg("loss"))));
    }

    private static ImmutableArray<ChartLine> Lines(ComparisonResult result, Func<EpochRow, double> train, Func<EpochRow, double> test)
    {
        return [.. Of(train, dashed: true), .. Of(test, dashed: false)];

        IEnumerable<ChartLine> Of(Func<EpochRow, double> figure, bool dashed) => result.Networks.Select(network => new ChartLine(
            SeriesOf(network.Name), [.. network.Epochs.Select(row => ((double)row.Epoch, figure(row)))], dashed));
    }

    private static XElement? Pictures(ComparisonResult result)
    {
        if (result.Networks.FirstOrDefault(network => network.Pictures is not null)?.Pictures is not { } first)
        {
            return null;
        }

        return Element(
            "section",
            null,
            Element("h2", null, "What they see"),
            Element(
                "div",
                "digit",
                Image(first.Input, "The first test image"),
                Element(
                    "p",
                    "note",
                    "The first test image, and what each network makes of it. Filters: orange adds, blue subtracts, white is zero. "
                    + "Maps: white is the strongest response.")),
            Element("div", "grid", result.Networks.Select(network => network.Pictures is { } pictures
                ? Element(
                    "article",
                    "card",
                    ColorOf(network.Name),
                    Element("h3", null, network.Name),
                    Element("p", "answer", $"Takes it for {pictures.Answer}."),
                    Row("pictures filters", pictures.Filters),
                    pictures.Maps.Select(row => Row("pictures maps", row)))
                : null)));

        static XElement Row(string cssClass, PictureRow row) =>
            Element(
                "figure",
                null,
                Element("figcaption", null, row.Caption),
                Element("div", cssClass, row.Images.Select(image => Image(image, string.Empty))));
    }

    private static XElement Image(string source, string alternative) =>
        Element("img", null, Attribute("src", source), Attribute("alt", alternative));

    private static XElement Method(ComparisonResult result) =>
        Element(
            "section",
            null,
            Element("h2", null, "How it was measured"),
            Element("dl", "card facts", ComparisonMethod.Facts(result).Select(fact => (object[])
            [
                Element("dt", null, fact.Name),
                Element("dd", null, fact.Text),
            ])));
}
