using Sepal.Cli.Tables;
using Sepal.Costs.WhatIf;

namespace Sepal.Cli.Costs;

/// <summary>A model at another width and resolution, as JSON holds it.</summary>
/// <param name="Width">What channels are multiplied by; null for a file.</param>
/// <param name="Resolution">The image's height and width.</param>
/// <param name="Parameters">Parameters that training changes.</param>
/// <param name="Macs">Multiply-adds.</param>
/// <param name="Flops">Twice the MACs.</param>
/// <param name="MemoryBytes">Parameters, and activations at the worst moment of inference.</param>
/// <param name="RooflineSeconds">The roofline time; null without a machine.</param>
internal sealed record ScaledReport(
    double? Width, int[] Resolution, long Parameters, long Macs, long Flops, long MemoryBytes, double? RooflineSeconds)
{
    /// <summary>Makes the report.</summary>
    /// <param name="scaled">The model.</param>
    /// <param name="isFile">Whether it is a file, which has no width.</param>
    /// <returns>The report.</returns>
    public static ScaledReport Of(ScaledModel scaled, bool isFile) => new(
        isFile ? null : scaled.Width,
        [scaled.Resolution.Height, scaled.Resolution.Width],
        scaled.Cost.TrainableParameters,
        scaled.Cost.MultiplyAccumulates,
        scaled.Cost.Flops,
        scaled.Cost.Memory.InferenceBytes,
        scaled.Cost.RooflineSeconds);

    /// <summary>The table of all.</summary>
    /// <param name="reports">The reports.</param>
    /// <returns>The table.</returns>
    public static Table Table(ScaledReport[] reports)
    {
        bool hasTime = reports[0].RooflineSeconds is not null;
        bool hasWidth = reports[0].Width is not null;
        var table = new Table(
            [
                .. hasWidth ? (Column[])[new("Width", "width", IsNumeric: true)] : [],
                new("Resolution", "resolution", IsNumeric: true), new("Parameters", "parameters", IsNumeric: true),
                new("MACs", "macs", IsNumeric: true), new("Memory", "memoryBytes", IsNumeric: true),
                .. hasTime ? (Column[])[new("Roofline ms", "rooflineMilliseconds", IsNumeric: true)] : [],
            ]);
        foreach (ScaledReport report in reports)
        {
            table.Add(
                [
                    .. hasWidth ? (Cell[])[Cell.Number(report.Width!.Value, "0.###")] : [],
                    Cell.Extents(report.Resolution.Select(extent => (long)extent)), report.Parameters, report.Macs,
                    new Cell(Quantities.ShortBytes(report.MemoryBytes), Cell.Number(report.MemoryBytes, "F0").Raw),
                    .. hasTime ? (Cell[])[Cell.Number(1000 * report.RooflineSeconds!.Value, "F3")] : [],
                ]);
        }

        return table;
    }
}
