using Sepal.Graphs;
using Sepal.Operators;

namespace Sepal.Onnx.Export;

/// <summary>Writes <c>Concat</c>, with the axis of the file's order.</summary>
internal static class ConcatenateExporter
{
    public static void Export(ExportContext context, Node node)
    {
        int rank = node.Output.Spec.Rank;
        int axis = ((Concatenate)node.Operator).Axis;
        int[] order = AxisOrder.OfFile(rank);
        context.Add(
            node,
            "Concat",
            [.. node.Inputs.Select(context.Name)],
            OnnxAttributes.Int("axis", Array.IndexOf(order, axis < 0 ? axis + rank : axis)));
    }
}
