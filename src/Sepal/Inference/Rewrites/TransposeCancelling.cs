using System.Collections.Immutable;
using Sepal.Graphs;
using Sepal.Operators;

namespace Sepal.Inference.Rewrites;

/// <summary>
/// Takes out transposes that undo each other, and moves transposes behind slices and splits, where they may meet one that undoes
/// them.
/// </summary>
internal static class TransposeCancelling
{
    public static Graph Rewrite(Graph graph)
    {
        // Each pass moves transposes one node on.
        for (int pass = 0; pass <= graph.Nodes.Length; pass++)
        {
            Graph next = Cancel(MoveBehind(graph));
            if (next == graph)
            {
                return graph;
            }

            graph = next;
        }

        return graph;
    }

    private static Graph MoveBehind(Graph graph)
    {
        var change = new NodeReplacement(graph);
        foreach (Node node in graph.Nodes)
        {
            if (node.Operator is Slice or Split
                && graph.Producer(node.Inputs[0]) is { Operator: Transpose transpose } before
                && LeadsToTranspose(graph, node))
            {
                ImmutableArray<int> permutation = transpose.Permutation;
                Value source = before.Inputs[0];
                ImmutableArray<Value> moved =
                [
                    .. node.Outputs.Select(output => new Value($"{output.Name}/moved", Permuted(output.Spec, permutation))),
                ];
                Node first = new(node.Name, Moved(node.Operator, permutation, source.Shape.Rank), [source], moved, node.LayerType)
                {
                    Origins = node.Origins,
                };
                change.Replace(
                    node,
                    [
                        first,
                        .. node.Outputs.Select((output, index) =>
                            new Node($"{output.Name}/transposed", transpose, [moved[index]], [output], null) { Origins = before.Origins }),
                    ]);
            }
        }

        return change.Build();
    }

    /// <summary>Otherwise moving it would make several transposes of one.</summary>
    private static bool LeadsToTranspose(Graph graph, Node node) => node.Outputs.All(output =>
        !graph.Outputs.Contains(output) && graph.Consumers(output).All(reader => reader.Operator is Transpose or Slice or Split));

    /// <summary>The specification of what is transposed to the given one.</summary>
    private static TensorSpec Permuted(TensorSpec spec, ImmutableArray<int> permutation)
    {
        var dimensions = new Dimension[spec.Rank];
        for (int axis = 0; axis < spec.Rank; axis++)
        {
            dimensions[permutation[axis]] = spec.Shape[axis];
        }

        return new TensorSpec(new Shape(dimensions), spec.ElementType);
    }

    private static Operator Moved(Operator @operator, ImmutableArray<int> permutation, int rank) => @operator switch
    {
        Slice slice => slice with { Axes = [.. slice.Axes.Select(axis => permutation[axis < 0 ? axis + rank : axis])] },
        Split split => split with { Axis = permutation[split.Axis < 0 ? split.Axis + rank : split.Axis] },
        _ => throw new ArgumentException($"{@operator.Name} is not moved.", nameof(@operator)),
    };

    private static Graph Cancel(Graph graph)
    {
        var change = new NodeReplacement(graph);
        foreach (Node node in graph.Nodes)
        {
            if (node.Operator is Transpose second
                && graph.Producer(node.Inputs[0]) is { Operator: Transpose first } before
                && first.Permutation.Length == second.Permutation.Length
                && second.Permutation.Select(axis => first.Permutation[axis]).SequenceEqual(Enumerable.Range(0, first.Permutation.Length))
                && !graph.Outputs.Contains(node.Output))
            {
                change.Remove(node);
                change.Substitute(node.Output, before.Inputs[0]);
            }
        }

        return change.Build();
    }
}
