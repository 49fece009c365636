using Sepal.Graphs;
using Sepal.Operators;

namespace Sepal.Onnx.Export;

/// <summary>Writes <c>Dropout</c> with its rate: nothing at inference, but what trains the file further finds it.</summary>
internal static class DropoutExporter
{
    public static void Export(ExportContext context, Node node) => context.Add(
        node, "Dropout", [context.Name(node.Inputs[0]), context.Scalar(((Dropout)node.Operator).Rate)]);
}
