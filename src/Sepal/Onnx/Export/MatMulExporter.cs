using Sepal.Graphs;

namespace Sepal.Onnx.Export;

/// <summary>Writes <c>MatMul</c>. Its matrices are the last two axes in Sepal's order, so that tensors with four are transposed.</summary>
internal static class MatMulExporter
{
    public static void Export(ExportContext context, Node node) =>
        context.AddChannelsLast(node, "MatMul", [.. node.Inputs.Select(context.ChannelsLast)]);
}
