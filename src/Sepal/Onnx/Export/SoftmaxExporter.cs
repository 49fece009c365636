using Sepal.Graphs;
using Sepal.Operators;

namespace Sepal.Onnx.Export;

/// <summary>Writes <c>Softmax</c> and <c>LogSoftmax</c>, with the axis of the file's order.</summary>
internal static class SoftmaxExporter
{
    public static void Export(ExportContext context, Node node)
    {
        var softmax = (Softmax)node.Operator;
        int rank = node.Output.Spec.Rank;
        context.Add(
            node,
            softmax.Logarithmic ? "LogSoftmax" : "Softmax",
            [context.Name(node.Inputs[0])],
            OnnxAttributes.Int("axis", AxisOrder.ToFile(softmax.Axis, rank)));
    }
}
