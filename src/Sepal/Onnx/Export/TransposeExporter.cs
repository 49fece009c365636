using Sepal.Graphs;
using Sepal.Operators;

namespace Sepal.Onnx.Export;

/// <summary>Writes <c>Transpose</c>, from the file's order of its input to the file's order of its output.</summary>
internal static class TransposeExporter
{
    public static void Export(ExportContext context, Node node)
    {
        var transpose = (Transpose)node.Operator;
        int rank = node.Output.Spec.Rank;
        context.Add(
            node,
            "Transpose",
            [context.Name(node.Inputs[0])],
            OnnxAttributes.Ints("perm", [.. AxisOrder.OfFile(rank).Select(axis => (long)AxisOrder.ToFile(transpose.Permutation[axis], rank))]));
    }
}
