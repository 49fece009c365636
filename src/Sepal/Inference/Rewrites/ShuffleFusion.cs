using System.Collections.Immutable;
using Sepal.Graphs;
using Sepal.Operators;

namespace Sepal.Inference.Rewrites;

/// <summary>
/// Makes one pass of a concatenation, the channel shuffle of it in two groups, and the split of that (ShuffleNetV2,
/// arXiv 1807.11164), each of which would copy everything.
/// </summary>
internal static class ShuffleFusion
{
    public static Graph Rewrite(Graph graph)
    {
        var change = new NodeReplacement(graph);
        foreach (Node node in graph.Nodes)
        {
            if (node.Operator is Concatenate concatenate
                && node.Inputs.Length == 2
                && (concatenate.Axis == -1 || concatenate.Axis == node.Output.Shape.Rank - 1)
                && node.Inputs[0].Shape.Equals(node.Inputs[1].Shape)
                && node.Inputs[0].Shape[^1] is { IsKnown: true, Value: > 0 }
                && node.Output.Spec.ElementType == ElementType.Float32
                && graph.OnlyReader(node.Output) is { Operator: ChannelShuffle { Groups: 2 } } shuffle)
            {
                Fuse(graph, change, node, shuffle);
            }
        }

        return change.Build();
    }

    private static void Fuse(Graph graph, NodeReplacement change, Node concatenation, Node shuffle)
    {
        change.Remove(concatenation);
        if (Halves(graph, shuffle) is ({ } outputs, { } readers))
        {
            var operation = new AlternateChannels([.. concatenation.Origins, .. shuffle.Origins, .. readers.SelectMany(reader => reader.Origins)]);
            change.Replace(shuffle, new Node(shuffle.Name, operation, concatenation.Inputs, outputs, shuffle.LayerType));
            foreach (Node reader in readers)
            {
                change.Remove(reader);
            }

            return;
        }

        change.Replace(
            shuffle,
            new Node(
                shuffle.Name,
                new AlternateChannels([.. concatenation.Origins, .. shuffle.Origins]),
                concatenation.Inputs,
                shuffle.Outputs,
                shuffle.LayerType));
    }

    /// <summary>What the two halves of the channels are called, and which nodes make them, if that is all that reads the shuffle.</summary>
    private static (ImmutableArray<Value> Outputs, ImmutableArray<Node> Readers)? Halves(Graph graph, Node shuffle)
    {
        long channels = shuffle.Output.Spec.Channels.Value;
        if (graph.Outputs.Contains(shuffle.Output) || channels % 4 != 0)
        {
            return null;
        }

        ImmutableArray<Node> readers = graph.Consumers(shuffle.Output);
        int last = shuffle.Output.Shape.Rank - 1;
        if (readers is [{ Operator: Split split } only] && (split.Axis == last || split.Axis == -1)
            && split.Sizes is [{ IsKnown: true } first, _] && first.Value == channels / 2)
        {
            return (only.Outputs, readers);
        }

        Node? low = readers.FirstOrDefault(reader => IsSlice(reader, last, 0, channels / 2));
        Node? high = readers.FirstOrDefault(reader => IsSlice(reader, last, channels / 2, channels));
        return readers.Length == 2 && low is not null && high is not null ? ([low.Output, high.Output], [low, high]) : null;
    }

    private static bool IsSlice(Node node, int axis, long start, long end) =>
        node.Operator is Slice { Axes: [var sliced], Starts: [{ IsKnown: true } from], Ends: [{ IsKnown: true } to], Steps: [1] }
        && (sliced == axis || sliced == -1)
        && from.Value == start
        && Math.Min(to.Value, node.Inputs[0].Spec.Channels.Value) == end;
}
