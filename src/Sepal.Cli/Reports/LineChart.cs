using System.Collections.Immutable;
using System.Globalization;
using System.Xml.Linq;
using OxyPlot;
using OxyPlot.Axes;
using OxyPlot.Series;

namespace Sepal.Cli.Reports;

/// <summary>One line of a chart.</summary>
/// <param name="Series">Which of the page's colours and markers it has, from 0.</param>
/// <param name="Points">The points, left to right.</param>
/// <param name="Dashed">Whether it stands behind: dashed, thin and without markers.</param>
internal sealed record ChartLine(int Series, ImmutableArray<(double X, double Y)> Points, bool Dashed = false);

/// <summary>
/// A line chart as inline SVG. OxyPlot lays it out; colours and fonts are left to the page's style sheet, so that a chart
/// follows the reader's light or dark theme like the text around it.
/// </summary>
/// <param name="Title">What it shows, for readers who do not see it.</param>
/// <param name="XTitle">The horizontal axis, with its unit.</param>
/// <param name="YTitle">The vertical axis, with its unit.</param>
/// <param name="Lines">The lines; later ones are drawn over earlier ones.</param>
internal sealed record LineChart(string Title, string XTitle, string YTitle, ImmutableArray<ChartLine> Lines)
{
    private const int Width = 420;
    private const int Height = 280;

    private static readonly ImmutableArray<MarkerType> Markers =
        [MarkerType.Circle, MarkerType.Diamond, MarkerType.Triangle, MarkerType.Square];

    /// <summary>Draws the chart.</summary>
    /// <param name="id">A name unique in the page.</param>
    /// <returns>An <c>svg</c> element.</returns>
    public XElement ToSvg(string id)
    {
        var model = new PlotModel
        {
            DefaultFontSize = 13,
            TextColor = ThemeColors.Text,
            PlotAreaBorderThickness = new OxyThickness(0),
            Padding = new OxyThickness(4, 10, 12, 4),
        };
        model.Axes.Add(HorizontalAxis());
        model.Axes.Add(VerticalAxis());
        foreach (ChartLine line in Lines)
        {
            model.Series.Add(Draw(line));
        }

        var exporter = new SvgExporter { Width = Width, Height = Height, UseVerticalTextAlignmentWorkaround = true };
        return ThemedSvg.From(exporter.ExportToString(model), id, Title);
    }

    private static LineSeries Draw(ChartLine line)
    {
        OxyColor color = ThemeColors.Series(line.Series);
        var series = new LineSeries
        {
            Color = color,
            LineStyle = line.Dashed ? LineStyle.Dash : LineStyle.Solid,
            LineJoin = LineJoin.Round,
            StrokeThickness = line.Dashed ? 1.25 : 2.25,
            MarkerType = line.Dashed ? MarkerType.None : Markers[line.Series % Markers.Length],
            MarkerFill = color,
            MarkerSize = 4,
        };
        series.Points.AddRange(line.Points.Select(point => new DataPoint(point.X, point.Y)));
        return series;
    }

    private LinearAxis HorizontalAxis()
    {
        double last = Lines.SelectMany(line => line.Points).Select(point => point.X).DefaultIfEmpty(1).Max();
        return new LinearAxis
        {
            Position = AxisPosition.Bottom,
            Title = XTitle,
            Minimum = 1 - (0.04 * last),
            Maximum = last + (0.04 * last),
            MajorStep = Math.Max(1, Math.Ceiling(last / 10)),
            MinorTickSize = 0,
            MajorTickSize = 4,
            TicklineColor = ThemeColors.Grid,
            AxislineStyle = LineStyle.Solid,
            AxislineColor = ThemeColors.Grid,
            AxisTitleDistance = 8,
            StringFormat = "0",
        };
    }

    /// <summary>
    /// Scaled to the lines in front: those behind may begin far away, and would press the others into one. They come in
    /// from the edge then.
    /// </summary>
    private LinearAxis VerticalAxis()
    {
        double[] values = [.. Lines.Where(line => !line.Dashed).SelectMany(line => line.Points).Select(point => point.Y)];
        double least = values.DefaultIfEmpty(0).Min();
        double most = values.DefaultIfEmpty(1).Max();
        double margin = most > least ? 0.08 * (most - least) : 0.5;
        LinearAxis axis = GridAxis.Of<LinearAxis>(AxisPosition.Left, YTitle, least - margin, most + margin);
        axis.TickStyle = TickStyle.None;
        axis.IntervalLength = 36;
        axis.AxisTitleDistance = 20;
        axis.LabelFormatter = value => value.ToString("0.###", CultureInfo.InvariantCulture);
        return axis;
    }
}
