using Sepal.Graphs;
using Sepal.Operators;

namespace Sepal.Onnx.Export;

/// <summary>Writes <c>Expand</c> and <c>Tile</c>, with the axes of the file's order.</summary>
internal static class ExpandExporter
{
    public static void Export(ExportContext context, Node node)
    {
        Shape target = ((Expand)node.Operator).TargetShape;
        int rank = node.Output.Spec.Rank;
        Shape padded = [.. Enumerable.Repeat(Dimension.FromInt64(1), rank - target.Rank), .. target];
        string shape = context.Dimensions(node, "shape", [.. AxisOrder.OfFile(rank).Select(axis => padded[axis])]);
        context.Add(node, "Expand", [context.Broadcast(node.Inputs[0], rank), shape]);
    }

    public static void ExportTile(ExportContext context, Node node)
    {
        var tile = (Tile)node.Operator;
        string repeats = context.Dimensions(node, "repeats", [.. AxisOrder.OfFile(tile.Repeats.Length).Select(axis => tile.Repeats[axis])]);
        context.Add(node, "Tile", [context.Name(node.Inputs[0]), repeats]);
    }
}
