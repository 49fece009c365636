using Sepal.Graphs;
using Sepal.Operators;

namespace Sepal.Onnx.Export;

/// <summary>Writes a scale and an offset as <c>Mul</c> and <c>Add</c>.</summary>
internal static class RescalingExporter
{
    public static void Export(ExportContext context, Node node)
    {
        var rescaling = (Rescaling)node.Operator;
        string data = context.Name(node.Inputs[0]);
        string scale = context.Scalar(rescaling.Scale);
        if (rescaling.Offset == 0)
        {
            context.Add(node, "Mul", [data, scale]);
            return;
        }

        context.Add(node, "Add", [context.AddPart(node, "scaled", "Mul", [data, scale]), context.Scalar(rescaling.Offset)]);
    }
}
