using Sepal.Graphs;
using Sepal.Operators;

namespace Sepal.Onnx.Export;

/// <summary>Writes <c>Concat</c>, with the axis of the file's order.</summary>
internal static class ConcatenateExporter
{
    public static void Export(ExportContext context, Node node) => context.Add(
        node,
        "Concat",
        [.. node.Inputs.Select(context.Name)],
        OnnxAttributes.Int("axis", AxisOrder.ToFile(((Concatenate)node.Operator).Axis, node.Output.Spec.Rank)));
}
