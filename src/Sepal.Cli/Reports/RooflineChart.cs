using System.Collections.Immutable;
using System.Xml.Linq;
using OxyPlot;
using OxyPlot.Axes;
using OxyPlot.Series;
using Sepal.Cli.Costs;
using Sepal.Costs;

namespace Sepal.Cli.Reports;

/// <summary>
/// The roofline model (Williams, Waterman and Patterson, 2009) as inline SVG, with a mark for each layer: operations a byte
/// across, operations a second up, both logarithmic. A layer lies where the roof lets it; a measured one where it came to.
/// </summary>
internal static class RooflineChart
{
    private const int Width = 860;
    private const int Height = 400;
    private const double Margin = 1.6;

    private static readonly ImmutableArray<MarkerType> Markers =
        [MarkerType.Circle, MarkerType.Diamond, MarkerType.Triangle, MarkerType.Square, MarkerType.Circle];

    /// <summary>Draws the chart.</summary>
    /// <param name="machine">The machine.</param>
    /// <param name="cost">What the model costs.</param>
    /// <param name="measured">What was measured; null where nothing was.</param>
    /// <returns>An <c>svg</c> element.</returns>
    public static XElement ToSvg(Machine machine, ModelCost cost, MeasuredModel? measured)
    {
        ImmutableArray<Mark> marks = measured is null ? Predicted(machine, cost) : Measured(measured);
        double least = Math.Min(marks.Select(mark => mark.Intensity).DefaultIfEmpty(1).Min(), machine.RidgePoint) / Margin;
        double most = Math.Max(marks.Select(mark => mark.Intensity).DefaultIfEmpty(1).Max(), machine.RidgePoint) * Margin;
        double bottom = Math.Min(marks.Select(mark => mark.Speed).DefaultIfEmpty(1).Min(), least * machine.BytesPerSecond / 1e9) / Margin;
        double top = Math.Max(marks.Select(mark => mark.Speed).DefaultIfEmpty(1).Max(), machine.FlopsPerSecond / 1e9) * Margin;
        var model = new PlotModel
        {
            DefaultFontSize = 13,
            TextColor = ThemeColors.Text,
            PlotAreaBorderThickness = new OxyThickness(0),
            Padding = new OxyThickness(4, 10, 16, 4),
        };
        model.Axes.Add(GridAxis.Of<LogarithmicAxis>(AxisPosition.Bottom, "Operations a byte", least, most));
        model.Axes.Add(GridAxis.Of<LogarithmicAxis>(AxisPosition.Left, "GFLOP/s", bottom, top));
        var roof = new LineSeries { Color = ThemeColors.Text, StrokeThickness = 1.75, LineJoin = LineJoin.Round };
        foreach (double intensity in (double[])[least, machine.RidgePoint, most])
        {
            roof.Points.Add(new DataPoint(intensity, Roof(machine, intensity)));
        }

        model.Series.Add(roof);
        double longest = marks.Select(mark => mark.Seconds).DefaultIfEmpty(0).Max();
        foreach (IGrouping<NodeCategory, Mark> group in marks.GroupBy(mark => mark.Category).OrderByDescending(group => group.Key))
        {
            var series = new ScatterSeries { MarkerType = Markers[(int)group.Key], MarkerFill = ThemeColors.Series((int)group.Key) };
            series.Points.AddRange(group.Select(mark => new ScatterPoint(
                mark.Intensity, mark.Speed, 3 + (longest > 0 ? 5 * Math.Sqrt(mark.Seconds / longest) : 0))));
            model.Series.Add(series);
        }

        var exporter = new SvgExporter { Width = Width, Height = Height, UseVerticalTextAlignmentWorkaround = true };
        return ThemedSvg.From(exporter.ExportToString(model), "roofline", "Roofline: operations a second over operations a byte, for every layer");
    }

    private static double Roof(Machine machine, double intensity) =>
        Math.Min(machine.FlopsPerSecond, intensity * machine.BytesPerSecond) / 1e9;

    private static ImmutableArray<Mark> Predicted(Machine machine, ModelCost cost) =>
    [
        .. cost.Nodes.Where(node => node.ArithmeticIntensity > 0).Select(node => new Mark(
            node.Category, node.ArithmeticIntensity, Roof(machine, node.ArithmeticIntensity), node.RooflineSeconds ?? 0)),
    ];

    /// <summary>Steps lie at the intensity of their layers together, in the colour of the layer with the most MACs.</summary>
    private static ImmutableArray<Mark> Measured(MeasuredModel measured) =>
    [
        .. measured.Steps.Where(step => step.MeasuredSeconds > 0 && step.Layers.Any(layer => layer.Operations > 0)).Select(step => new Mark(
            step.Layers.MaxBy(layer => layer.MultiplyAccumulates)!.Category,
            (double)step.Layers.Sum(layer => layer.Operations) / step.Layers.Sum(layer => layer.Bytes),
            step.Layers.Sum(layer => layer.Operations) / step.MeasuredSeconds / 1e9,
            step.MeasuredSeconds)),
    ];

    private sealed record Mark(NodeCategory Category, double Intensity, double Speed, double Seconds);
}
