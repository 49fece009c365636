using System.Collections.Immutable;
using Sepal.Cli.Tables;
using Sepal.Costs;

namespace Sepal.Cli.Costs;

/// <summary>A model's layers with their costs; with times, and what they follow from, where a machine was given.</summary>
internal static class LayerCostTable
{
    private static readonly ImmutableArray<Column> Counts =
    [
        new("Layer", "name"),
        new("Kind", "kind"),
        new("Output", "output", IsNumeric: true),
        new("Parameters", "parameters", IsNumeric: true),
        new("MACs", "macs", IsNumeric: true),
    ];

    private static readonly ImmutableArray<Column> Times =
    [
        new("Element operations", "elementOperations", IsNumeric: true),
        new("Bytes", "bytes", IsNumeric: true),
        new("FLOPs a byte", "arithmeticIntensity", IsNumeric: true),
        new("Roofline µs", "rooflineMicroseconds", IsNumeric: true),
    ];

    /// <summary>Makes the table.</summary>
    /// <param name="cost">What the model costs.</param>
    /// <param name="depth">How many parts of a layer's path are told apart; null for all.</param>
    /// <returns>A row for each layer, or for each beginning of paths.</returns>
    public static Table Of(ModelCost cost, int? depth)
    {
        bool hasTimes = cost.RooflineSeconds is not null;
        var table = new Table(hasTimes ? [.. Counts, .. Times] : Counts);
        foreach (LayerRow row in LayerRow.Group(cost.Nodes, depth))
        {
            table.Add(hasTimes ? [.. CountCells(row), .. TimeCells(row)] : CountCells(row));
        }

        return table;
    }

    private static ImmutableArray<Cell> CountCells(LayerRow row)
    {
        long[] extents = [.. row.OutputShape.Skip(1).Select(dimension => dimension.Value)];
        return
        [
            row.Name,
            row.Kind,
            extents.Length == 0 ? "scalar" : Cell.Extents(extents),
            row.Nodes.Sum(node => node.TrainableParameters),
            IsCounted(row) ? row.Nodes.Sum(node => node.MultiplyAccumulates) : "unknown",
        ];
    }

    private static ImmutableArray<Cell> TimeCells(LayerRow row)
    {
        long operations = row.Nodes.Sum(node => node.ElementOperations);
        long bytes = row.Nodes.Sum(node => node.Bytes);
        double flops = (2.0 * row.Nodes.Sum(node => node.MultiplyAccumulates)) + operations;
        return
        [
            IsCounted(row) ? operations : "unknown",
            bytes,
            Cell.Number(bytes == 0 ? 0 : flops / bytes, "F2"),
            Cell.Number(row.Nodes.Sum(node => node.RooflineSeconds ?? 0) * 1e6, "F1"),
        ];
    }

    private static bool IsCounted(LayerRow row) => row.Nodes.All(node => node.IsCounted);
}
