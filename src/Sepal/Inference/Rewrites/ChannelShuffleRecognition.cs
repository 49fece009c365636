using Sepal.Graphs;
using Sepal.Operators;

namespace Sepal.Inference.Rewrites;

/// <summary>
/// Finds channel shuffles (arXiv 1707.01083) as exporters write them, planar: a reshape to groups, a transpose, a reshape back.
/// </summary>
internal static class ChannelShuffleRecognition
{
    public static Graph Rewrite(Graph graph, IReadOnlyDictionary<string, long> symbols)
    {
        var change = new NodeReplacement(graph);
        foreach (Node node in graph.Nodes)
        {
            if (node.Operator is Transpose { Permutation: [0, 3, 1, 2] }
                && graph.OnlyReader(node.Output) is { Operator: Reshape } split
                && graph.OnlyReader(split.Output) is { Operator: Transpose { Permutation: [0, 2, 1, 3, 4] } } swap
                && graph.OnlyReader(swap.Output) is { Operator: Reshape } join
                && Groups(node.Output, split.Output, join.Output, symbols) is { } groups)
            {
                Node[] origins = [node, split, swap, join];
                var shuffled = new Value($"{swap.Output.Name}/channels_last", node.Inputs[0].Spec);
                change.Remove(node);
                change.Remove(split);
                change.Remove(swap);
                change.Replace(
                    join,
                    new Node(swap.Name, new ChannelShuffle(groups), node.Inputs, [shuffled], node.LayerType) { Origins = [.. origins] },
                    new Node(join.Name, node.Operator, [shuffled], join.Outputs, node.LayerType) { Origins = [join] });
            }
        }

        return change.Build();
    }

    /// <summary>The number of groups that <c>[N, C, H, W]</c> is divided into as <c>[N, groups, C / groups, H, W]</c>; null if it is not.</summary>
    private static int? Groups(Value planar, Value divided, Value joined, IReadOnlyDictionary<string, long> symbols)
    {
        long[] before = Numbers(planar, symbols);
        long[] groups = Numbers(divided, symbols);
        return groups is [var n, > 0 and <= int.MaxValue and var count, var channels, var h, var w]
            && before.AsSpan().SequenceEqual([n, count * channels, h, w])
            && before.AsSpan().SequenceEqual(Numbers(joined, symbols))
            ? (int)count
            : null;
    }

    private static long[] Numbers(Value value, IReadOnlyDictionary<string, long> symbols) =>
        [.. value.Shape.Select(dimension => dimension.Evaluate(symbols))];
}
