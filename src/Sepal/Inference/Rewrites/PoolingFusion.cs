using Sepal.Graphs;
using Sepal.Operators;

namespace Sepal.Inference.Rewrites;

/// <summary>
/// Adds up a depthwise convolution's result for the average pooling after it while its rows are in the cache: the squeeze of
/// squeeze-and-excitation. Other convolutions' channels can be divided among threads, which is worth more than this.
/// </summary>
internal static class PoolingFusion
{
    public static Graph Rewrite(Graph graph)
    {
        var change = new NodeReplacement(graph);
        foreach (Node node in graph.Nodes)
        {
            if (node.Operator is ConvolutionChain { PoolsResult: false, Last.IsDepthwise: true } chain
                && node.Output.Shape.Rank == 4
                && graph.Consumers(node.Output).FirstOrDefault(IsAverage) is { } pooling)
            {
                ConvolutionChain fused = chain with { PoolsResult = true, Nodes = chain.Nodes.Add(pooling) };
                change.Replace(node, new Node(node.Name, fused, node.Inputs, [.. node.Outputs, pooling.Output], node.LayerType));
                change.Remove(pooling);
            }
        }

        return change.Build();
    }

    private static bool IsAverage(Node node) => node.Operator switch
    {
        GlobalPooling pooling => pooling.Function == PoolingFunction.Average,
        Reduction { Function: ReductionFunction.Mean } mean => mean.Axes.Select(axis => axis < 0 ? axis + 4 : axis).Order().SequenceEqual([1, 2]),
        _ => false,
    };
}
