using System.Collections.Immutable;
using Sepal.Graphs;
using Sepal.Operators;

namespace Sepal.Onnx.Export;

/// <summary>
/// Writes <c>Pad</c> with zeros. Before a pooling the padding may be written as two nodes, a row too many and then a row less:
/// ONNX Runtime (1.31) merges a single <c>Pad</c> into the pooling after it, where zeros no longer count in a maximum, and
/// refuses the file where the padding is as large as the window.
/// </summary>
internal static class ZeroPaddingExporter
{
    public static void Export(ExportContext context, Node node)
    {
        Padding2D padding = ((ZeroPadding)node.Operator).Padding;
        string data = context.Name(node.Inputs[0]);
        if (SurvivesMerging(context.Graph, node, padding))
        {
            context.Add(node, "Pad", Inputs(context, node, data, padding.Top, padding.Left, padding.Bottom, padding.Right));
            return;
        }

        string larger = context.AddPart(
            node, "larger", "Pad", Inputs(context, node, data, padding.Top, padding.Left, checked(padding.Bottom + 1), padding.Right));
        context.Add(node, "Pad", Inputs(context, node, larger, 0, 0, -1, 0));
    }

    private static ImmutableArray<string> Inputs(ExportContext context, Node node, string data, int top, int left, int bottom, int right) =>
        [data, context.Integers(node.Name, "pads", 0, 0, top, left, 0, 0, bottom, right)];

    private static bool SurvivesMerging(Graph graph, Node node, Padding2D padding)
    {
        if (graph.Consumers(node.Output) is not [{ Operator: Pooling pooling }])
        {
            return true;
        }

        bool small = padding.Top < pooling.PoolSize.Height && padding.Bottom < pooling.PoolSize.Height
            && padding.Left < pooling.PoolSize.Width && padding.Right < pooling.PoolSize.Width;
        return small && pooling.Padding == Padding2D.Valid
            && (pooling.Function == PoolingFunction.Average || IsNeverNegative(graph.Producer(node.Inputs[0])?.Operator));
    }

    /// <summary>Where nothing is below zero, a maximum over the window's part in the image is one over zeros too.</summary>
    private static bool IsNeverNegative(Operator? producer) => producer is Softmax
        or Unary { Function: UnaryFunction.Relu or UnaryFunction.Relu6 or UnaryFunction.Sigmoid or UnaryFunction.HardSigmoid };
}
