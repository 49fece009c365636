using System.Xml.Linq;

namespace Sepal.Cli.Reports;

/// <summary>Keys to the lines of <see cref="LineChart"/>, as text that wraps where a chart's own legend could not.</summary>
internal static class ChartLegend
{
    /// <summary>Draws a line's colour and marker.</summary>
    /// <param name="series">Which series; null for one that stands for all.</param>
    /// <param name="dashed">Whether the line is dashed, and has no marker.</param>
    /// <returns>An <c>svg</c> element.</returns>
    public static XElement Key(int? series, bool dashed)
    {
        string color = series is { } index ? $"var(--series-{index})" : "var(--muted)";
        return new XElement(
            "svg",
            new XAttribute("viewBox", "0 0 34 14"),
            new XAttribute("aria-hidden", "true"),
            new XElement(
                "path",
                new XAttribute("d", "M1 7H33"),
                new XAttribute("style", $"fill:none;stroke:{color};stroke-width:{(dashed ? "1.5;stroke-dasharray:5,3" : "2.25")}")),
            dashed ? null : new XElement("path", new XAttribute("d", Marker(series)), new XAttribute("style", $"fill:{color}")));
    }

    /// <summary>Draws a marker alone.</summary>
    /// <param name="shape">Which of the chart's markers, from 0: circle, diamond, triangle, square.</param>
    /// <param name="series">Whose colour.</param>
    /// <returns>An <c>svg</c> element.</returns>
    public static XElement Mark(int shape, int series) => new(
        "svg",
        new XAttribute("viewBox", "0 0 34 14"),
        new XAttribute("aria-hidden", "true"),
        new XElement("path", new XAttribute("d", Marker(shape)), new XAttribute("style", $"fill:var(--series-{series})")));

    // In the order of the chart's markers: circle, diamond, triangle, square.
    private static string Marker(int? series) => (series % 4) switch
    {
        1 => "M17 2L22 7L17 12L12 7Z",
        2 => "M17 2.5L22 11H12Z",
        3 => "M13 3H21V11H13Z",
        _ => "M13 7A4 4 0 0 0 21 7A4 4 0 0 0 13 7Z",
    };
}
