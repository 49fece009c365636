using Sepal.Graphs;
using Sepal.Operators;

namespace Sepal.Onnx.Export;

/// <summary>Writes <c>TopK</c>, with the axis of the file's order. ONNX leaves the order of unsorted elements to the engine.</summary>
internal static class TopKExporter
{
    public static void Export(ExportContext context, Node node)
    {
        var top = (TopK)node.Operator;
        Value data = node.Inputs[0];
        context.Add(
            node,
            "TopK",
            [context.Name(data), context.Integers(node.Name, "count", top.Count)],
            OnnxAttributes.Int("axis", AxisOrder.ToFile(top.Axis, data.Spec.Rank)),
            OnnxAttributes.Int("largest", top.Largest ? 1 : 0),
            OnnxAttributes.Int("sorted", top.Sorted ? 1 : 0));
    }
}
