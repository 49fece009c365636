using System.Globalization;
using System.Xml.Linq;
using Sepal.Cli.Comparison;
using static Sepal.Cli.Reports.Html;

namespace Sepal.Cli.Reports;

/// <summary>A network's layers with a bar under every number, so that both the number and its share can be read.</summary>
internal static class LayerBars
{
    /// <summary>Renders a network's card.</summary>
    /// <param name="result">All networks: the greatest number of any is a full bar.</param>
    /// <param name="network">The network.</param>
    /// <param name="color">The attribute that gives the card the network's colour.</param>
    /// <returns>The card.</returns>
    public static XElement Render(ComparisonResult result, NetworkResult network, XAttribute color)
    {
        LayerRow[] all = [.. result.Networks.SelectMany(other => other.Layers)];
        double parameters = all.Max(layer => layer.Parameters);
        double macs = all.Max(layer => layer.Macs);
        double milliseconds = all.Max(layer => layer.Milliseconds);
        return Element(
            "article",
            "card",
            color,
            Element("h3", null, network.Name),
            Element("p", "answer", Sentence(network.Description)),
            Element(
                "table",
                "layers",
                Element("thead", null, Row("th", "Layer", "Parameters", "MACs", "Time (µs)")),
                Element("tbody", null, network.Layers.Select(layer => Element(
                    "tr",
                    null,
                    Element("th", null, Breakable(layer.Name), Element("small", null, string.Join('×', layer.OutputShape))),
                    Bar(Count(layer.Parameters), layer.Parameters / parameters),
                    Bar(Count(layer.Macs), layer.Macs / macs),
                    Bar(Microseconds(layer.Milliseconds), layer.Milliseconds / milliseconds)))),
                Element("tfoot", null, Row(
                    "td",
                    "All layers",
                    Count(network.Layers.Sum(layer => layer.Parameters)),
                    Count(network.Layers.Sum(layer => layer.Macs)),
                    Microseconds(network.Layers.Sum(layer => layer.Milliseconds))))));
    }

    private static XElement Row(string cell, string first, params string[] rest) =>
        Element("tr", null, Element("th", null, first), rest.Select(text => Element(cell, null, text)));

    /// <summary>A name that is broken after its underscores, where it has to be.</summary>
    private static IEnumerable<object> Breakable(string name) =>
        name.Split('_').SelectMany((part, index) => index == 0 ? (object[])[part] : ["_", Element("wbr", null), part]);

    private static XElement Bar(string number, double share)
    {
        string width = double.IsFinite(share) ? (100 * share).ToString("0.##", CultureInfo.InvariantCulture) : "0";
        return Element(
            "td",
            null,
            number,
            Element("span", "track", Element("span", "bar", Attribute("style", $"width:{width}%"))));
    }

    private static string Count(long count) => count.ToString("N0", CultureInfo.InvariantCulture);

    private static string Microseconds(double milliseconds) => (1000 * milliseconds).ToString("0.0", CultureInfo.InvariantCulture);

    private static string Sentence(string phrase) => $"{char.ToUpperInvariant(phrase[0])}{phrase[1..]}.";
}
