using Sepal.Graphs;

namespace Sepal.Inference.Rewrites;

/// <summary>
/// Joins depthwise → pointwise, and expand → depthwise → project, to be computed in strips of rows, where what lies between them is
/// too large to stay in the cache from one to the next.
/// </summary>
internal static class RowFusion
{
    /// <summary>
    /// Bytes of an image between two convolutions from which on joining them wins. 100 and 200 thousand are as good for MobileNetV2 and
    /// EfficientNet-B0, but slow the last layers of MobileNetV1 down, whose weights are read once for every strip.
    /// </summary>
    private const long SmallestImage = 260_000;

    /// <summary>Joins convolutions.</summary>
    /// <param name="graph">The graph.</param>
    /// <param name="symbols">Values for the open dimensions.</param>
    /// <param name="smallestImage">Bytes from which on to join, to test with small images; what wins where not given.</param>
    public static Graph Rewrite(Graph graph, IReadOnlyDictionary<string, long> symbols, long? smallestImage = null)
    {
        long smallest = smallestImage ?? SmallestImage;
        graph = Join(graph, symbols, smallest, (before, after) => before.Last.IsDepthwise && after.Stages[0].IsPointwise);
        return Join(graph, symbols, smallest, (before, after) => IsExpansion(before) && after.Stages[0].IsDepthwise);
    }

    private static bool IsExpansion(ConvolutionChain chain) =>
        chain.Stages.Length == 1 && !chain.Last.IsDepthwise
        && chain.Last.Product.Output.Spec.Channels.Value > chain.Last.Product.Inputs[0].Spec.Channels.Value;

    private static Graph Join(
        Graph graph, IReadOnlyDictionary<string, long> symbols, long smallestImage, Func<ConvolutionChain, ConvolutionChain, bool> suits)
    {
        var change = new NodeReplacement(graph);
        foreach (Node node in graph.Nodes)
        {
            if (node.Operator is ConvolutionChain { PoolsResult: false } before
                && change.IsUntouched(node)
                && graph.OnlyReader(node.Output) is { Operator: ConvolutionChain after } reader
                && reader.Inputs[0] == node.Output
                && !after.Stages[0].HasScale
                && node.Output.Shape.Rank == 4
                && suits(before, after)
                && node.Output.Shape.WithoutBatch().ElementCount.Evaluate(symbols) * sizeof(float) >= smallestImage)
            {
                ConvolutionChain joined = after with
                {
                    Stages = [.. before.Stages, .. after.Stages],
                    Nodes = [.. before.Nodes, .. after.Nodes],
                };
                change.Remove(node);
                change.Replace(
                    reader, new Node(reader.Name, joined, [.. node.Inputs, .. reader.Inputs.Skip(1)], reader.Outputs, reader.LayerType));
            }
        }

        return change.Build();
    }
}
