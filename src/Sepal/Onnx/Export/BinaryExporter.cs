using Sepal.Graphs;
using Sepal.Operators;

namespace Sepal.Onnx.Export;

/// <summary>Writes functions of two tensors, whose shapes ONNX broadcasts as Sepal does.</summary>
internal static class BinaryExporter
{
    public static void Export(ExportContext context, Node node)
    {
        string type = ((Binary)node.Operator).Function switch
        {
            BinaryFunction.Add => "Add",
            BinaryFunction.Multiply => "Mul",
            var other => throw new OnnxException($"Node '{node.Name}': {other} has no ONNX form yet."),
        };
        int rank = node.Output.Spec.Rank;
        context.Add(node, type, [context.Broadcast(node.Inputs[0], rank), context.Broadcast(node.Inputs[1], rank)]);
    }
}
