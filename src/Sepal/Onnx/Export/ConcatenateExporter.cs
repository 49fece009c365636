using Sepal.Graphs;
using Sepal.Operators;

namespace Sepal.Onnx.Export;

/// <summary>Writes <c>Concat</c> and <c>Split</c>, with the axis of the file's order.</summary>
internal static class ConcatenateExporter
{
    public static void Export(ExportContext context, Node node) => context.Add(
        node,
        "Concat",
        [.. node.Inputs.Select(context.Name)],
        OnnxAttributes.Int("axis", AxisOrder.ToFile(((Concatenate)node.Operator).Axis, node.Output.Spec.Rank)));

    public static void ExportSplit(ExportContext context, Node node)
    {
        var split = (Split)node.Operator;
        Value data = node.Inputs[0];
        context.Add(
            node,
            "Split",
            [context.Name(data), context.Dimensions(node, "split", split.Sizes)],
            OnnxAttributes.Int("axis", AxisOrder.ToFile(split.Axis, data.Spec.Rank)));
    }
}
