using System.Globalization;
using OxyPlot;
using OxyPlot.Axes;

namespace Sepal.Cli.Reports;

/// <summary>Axes of charts with a grid line at every label, in the page's colours.</summary>
internal static class GridAxis
{
    /// <summary>Makes an axis.</summary>
    /// <typeparam name="TAxis">Its scale.</typeparam>
    /// <param name="position">The chart's edge that it is at.</param>
    /// <param name="title">What it shows, with its unit.</param>
    /// <param name="least">The number at its beginning.</param>
    /// <param name="most">The number at its end.</param>
    /// <returns>The axis, which a chart may change.</returns>
    public static TAxis Of<TAxis>(AxisPosition position, string title, double least, double most)
        where TAxis : Axis, new() => new()
        {
            Position = position,
            Title = title,
            Minimum = least,
            Maximum = most,
            MinorTickSize = 0,
            MajorTickSize = 4,
            TicklineColor = ThemeColors.Grid,
            MajorGridlineStyle = LineStyle.Solid,
            MajorGridlineThickness = 1,
            MajorGridlineColor = ThemeColors.Grid,
            AxisTitleDistance = position == AxisPosition.Left ? 16 : 8,
            LabelFormatter = value => value.ToString("0.####", CultureInfo.InvariantCulture),
        };
}
