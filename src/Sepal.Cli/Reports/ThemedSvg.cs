using System.Globalization;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using OxyPlot;

namespace Sepal.Cli.Reports;

/// <summary>Colours that stand for others: <see cref="ThemedSvg"/> puts the style sheet's variables in their place.</summary>
internal static class ThemeColors
{
    private const byte SeriesMark = 3;

    /// <summary>Text.</summary>
    public static OxyColor Text { get; } = OxyColor.FromRgb(1, 0, 0);

    /// <summary>Axes and grid lines.</summary>
    public static OxyColor Grid { get; } = OxyColor.FromRgb(2, 0, 0);

    /// <summary>A series.</summary>
    /// <param name="index">From 0.</param>
    /// <returns>The colour.</returns>
    public static OxyColor Series(int index) => OxyColor.FromRgb(SeriesMark, (byte)index, 0);

    /// <summary>The variable that a colour stands for.</summary>
    /// <param name="red">Its red part, the mark.</param>
    /// <param name="green">Its green part, the number of the series.</param>
    /// <returns>What the style sheet calls it; null for a colour that is what it is.</returns>
    public static string? Variable(int red, int green) => red switch
    {
        1 => "var(--muted)",
        2 => "var(--grid)",
        SeriesMark => string.Create(CultureInfo.InvariantCulture, $"var(--series-{green})"),
        _ => null,
    };
}

/// <summary>Makes OxyPlot's SVG documents part of a page: scalable, themed, named, and without ids that clash.</summary>
internal static partial class ThemedSvg
{
    private static readonly string[] FontAttributes = ["font-family", "font-weight"];

    /// <summary>Adapts a document.</summary>
    /// <param name="document">What OxyPlot exported.</param>
    /// <param name="id">A name unique in the page.</param>
    /// <param name="title">What it shows, for readers who do not see it.</param>
    /// <returns>An <c>svg</c> element.</returns>
    public static XElement From(string document, string id, string title)
    {
        XElement svg = XDocument.Parse(document).Root!;
        string size = $"0 0 {svg.Attribute("width")!.Value} {svg.Attribute("height")!.Value}";
        foreach (XElement element in svg.DescendantsAndSelf())
        {
            // Within a page an svg element needs no namespace.
            element.Name = element.Name.LocalName;
            Adapt(element, id);
        }

        svg.ReplaceAttributes(
            new XAttribute("class", "chart"),
            new XAttribute("viewBox", size),
            new XAttribute("role", "img"),
            new XAttribute("aria-label", title));
        return svg;
    }

    private static void Adapt(XElement element, string id)
    {
        string? fill = element.Attribute("fill")?.Value;
        if (fill is not null)
        {
            // Variables are for style sheets and style attributes, not for presentation attributes.
            element.SetAttributeValue("fill", null);
            element.SetAttributeValue("style", $"fill:{fill}");
        }

        foreach (XAttribute attribute in element.Attributes().ToList())
        {
            if (FontAttributes.Contains(attribute.Name.LocalName))
            {
                attribute.Remove();
                continue;
            }

            string value = Color().Replace(attribute.Value, Themed);
            attribute.Value = ClipPath().Replace(value, match => $"{id}-clip{match.Groups[1].Value}");
        }
    }

    private static string Themed(Match match) =>
        ThemeColors.Variable(Number(match.Groups[1]), Number(match.Groups[2])) ?? match.Value;

    private static int Number(Group group) => int.Parse(group.ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture);

    [GeneratedRegex(@"rgb\((\d+),(\d+),\d+\)")]
    private static partial Regex Color();

    [GeneratedRegex(@"clipPath(\d+)")]
    private static partial Regex ClipPath();
}
