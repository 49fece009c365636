using System.Collections.Immutable;
using System.Xml.Linq;
using OxyPlot;
using OxyPlot.Annotations;
using OxyPlot.Axes;
using OxyPlot.Series;
using Sepal.Cli.Shrinking;

namespace Sepal.Cli.Reports;

/// <summary>
/// The networks that were measured while shrinking, as inline SVG: milliseconds across, quality up, a line through those that no
/// other beats.
/// </summary>
internal static class ParetoChart
{
    private const int Width = 560;
    private const int Height = 320;

    /// <summary>Draws the chart.</summary>
    /// <param name="report">The figures.</param>
    /// <returns>An <c>svg</c> element.</returns>
    public static XElement ToSvg(ShrinkReport report)
    {
        ImmutableArray<NetworkRow> networks = report.Networks;
        var model = new PlotModel
        {
            DefaultFontSize = 13,
            TextColor = ThemeColors.Text,
            PlotAreaBorderThickness = new OxyThickness(0),
            Padding = new OxyThickness(4, 10, 16, 4),
        };
        double slowest = networks.Max(network => network.Milliseconds);
        model.Axes.Add(GridAxis.Of<LinearAxis>(AxisPosition.Bottom, "Milliseconds of a run, by its layers", 0, slowest * 1.12));
        double least = 100 * networks.Min(network => network.Quality);
        double most = 100 * networks.Max(network => network.Quality);
        double margin = Math.Max(0.1 * (most - least), 0.1);
        model.Axes.Add(GridAxis.Of<LinearAxis>(AxisPosition.Left, $"{char.ToUpperInvariant(report.Quality[0])}{report.Quality[1..]} (%)", least - margin, most + margin));
        if (report.Settings.MaxAccuracyDrop is { } drop && networks.Any(network => network.Replaced == 0))
        {
            model.Annotations.Add(new LineAnnotation
            {
                Type = LineAnnotationType.Horizontal,
                Y = 100 * (networks.First(network => network.Replaced == 0).Quality - drop),
                Color = ThemeColors.Text,
                LineStyle = LineStyle.Dash,
                StrokeThickness = 1.25,
            });
        }

        var front = new LineSeries { Color = ThemeColors.Series(0), StrokeThickness = 2.25, LineJoin = LineJoin.Round };
        front.Points.AddRange(networks.Where(network => network.OnFront).Select(Point));
        model.Series.Add(front);
        model.Series.Add(Marks(networks.Where(network => !network.OnFront && !network.Chosen), MarkerType.Circle, 4, 3));
        model.Series.Add(Marks(networks.Where(network => network.OnFront && !network.Chosen && network.Replaced > 0), MarkerType.Circle, 0, 4));
        model.Series.Add(Marks(networks.Where(network => network.Replaced == 0), MarkerType.Square, 2, 6));
        model.Series.Add(Marks(networks.Where(network => network.Chosen), MarkerType.Diamond, 1, 8));
        var exporter = new SvgExporter { Width = Width, Height = Height, UseVerticalTextAlignmentWorkaround = true };
        return ThemedSvg.From(exporter.ExportToString(model), "pareto", $"The networks that were measured: {report.Quality} over milliseconds of a run");
    }

    /// <summary>A key to the marks.</summary>
    /// <param name="report">The figures.</param>
    /// <returns>A list.</returns>
    public static XElement Legend(ShrinkReport report) => Html.Element(
        "ul",
        "legend",
        Html.Element("li", null, ChartLegend.Mark(3, 2), "original"),
        Html.Element("li", null, ChartLegend.Mark(1, 1), "chosen"),
        Html.Element("li", null, ChartLegend.Key(0, dashed: false), "no other is as fast and better"),
        Html.Element("li", null, ChartLegend.Mark(0, 4), "beaten by another"),
        report.Settings.MaxAccuracyDrop is null ? null : Html.Element("li", "note", ChartLegend.Key(null, dashed: true), "dashed: what may be lost"));

    private static DataPoint Point(NetworkRow network) => new(network.Milliseconds, 100 * network.Quality);

    private static ScatterSeries Marks(IEnumerable<NetworkRow> networks, MarkerType marker, int series, double size)
    {
        var marks = new ScatterSeries { MarkerType = marker, MarkerFill = ThemeColors.Series(series), MarkerSize = size };
        marks.Points.AddRange(networks.Select(network => new ScatterPoint(network.Milliseconds, 100 * network.Quality)));
        return marks;
    }
}
