using Sepal.Graphs;
using Sepal.Operators;

namespace Sepal.Onnx.Export;

/// <summary>Writes <c>Cast</c>.</summary>
internal static class CastExporter
{
    public static void Export(ExportContext context, Node node) => context.Add(
        node, "Cast", [context.Name(node.Inputs[0])], OnnxAttributes.Int("to", (long)((Cast)node.Operator).To.ToOnnx()));
}
