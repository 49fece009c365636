using Sepal.Graphs;
using Sepal.Operators;

namespace Sepal.Onnx.Export;

/// <summary>Writes <c>Slice</c>, with the axes of the file's order.</summary>
internal static class SliceExporter
{
    public static void Export(ExportContext context, Node node)
    {
        var slice = (Slice)node.Operator;
        Value data = node.Inputs[0];
        long[] axes = [.. slice.Axes.Select(axis => (long)AxisOrder.ToFile(axis, data.Spec.Rank))];
        context.Add(
            node,
            "Slice",
            [
                context.Name(data),
                context.Dimensions(node, "starts", slice.Starts),
                context.Dimensions(node, "ends", slice.Ends),
                context.Integers(node.Name, "axes", axes),
                context.Integers(node.Name, "steps", slice.Steps.AsSpan()),
            ]);
    }
}
