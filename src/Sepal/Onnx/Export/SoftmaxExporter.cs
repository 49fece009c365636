using Sepal.Graphs;

namespace Sepal.Onnx.Export;

/// <summary>Writes <c>Softmax</c> over the channels, which are axis 1 of an image in the file.</summary>
internal static class SoftmaxExporter
{
    public static void Export(ExportContext context, Node node)
    {
        int rank = node.Output.Spec.Rank;
        context.Add(node, "Softmax", [context.Name(node.Inputs[0])], OnnxAttributes.Int("axis", rank == 4 ? 1 : rank - 1));
    }
}
