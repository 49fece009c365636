using Sepal.Graphs;
using Sepal.Operators;

namespace Sepal.Training.Features;

/// <summary>
/// A model cut in two where everything below gives the same in every step of training: nothing there is trained, dropped at
/// random, or normalised by a batch's own statistics.
/// </summary>
/// <param name="Backbone">From the model's input to the features.</param>
/// <param name="Head">From the features to the model's output.</param>
internal sealed record FrozenSplit(Graph Backbone, Graph Head)
{
    /// <summary>The value where the model is cut.</summary>
    public Value Features => Backbone.Outputs[0];

    /// <summary>Finds the last such place through which all that is trained sees the input.</summary>
    /// <returns>The two parts; null where there is no such place, or nothing below it that takes time.</returns>
    public static FrozenSplit? Find(Graph graph)
    {
        HashSet<Value> stable = [graph.Inputs[0]];
        var candidates = new Stack<Value>();
        foreach (Node node in graph.Nodes)
        {
            if (IsStable(node.Operator) && node.Inputs.All(input => IsStored(input) || stable.Contains(input)))
            {
                stable.UnionWith(node.Outputs);
                if (node.Outputs.Length == 1 && IsOneRowAnExample(node.Output) && !GivesSums(graph, node))
                {
                    candidates.Push(node.Output);
                }
            }
        }

        foreach (Value candidate in candidates)
        {
            if (HeadAbove(graph, candidate) is { } head)
            {
                Graph backbone = graph.For([candidate]);
                return backbone.Parameters.IsEmpty ? null : new FrozenSplit(backbone, head);
            }
        }

        return null;
    }

    private static bool IsStored(Value value) => value is ConstantValue or Parameter { Trainable: false };

    private static bool IsStable(Operator @operator) =>
        @operator is not (Dropout { Rate: > 0 } or BatchNormalization { Frozen: false });

    /// <summary>
    /// Whether training computes a normalisation's sums together with a convolution: in another order, and so to other roundings,
    /// than where the normalisation stands alone.
    /// </summary>
    private static bool GivesSums(Graph graph, Node node) =>
        node.Operator is Convolution && graph.Consumers(node.Output).Any(reader => reader.Operator is BatchNormalization { Frozen: false });

    private static bool IsOneRowAnExample(Value value) =>
        value.Spec.ElementType == ElementType.Float32
        && value.Shape.Rank > 1
        && value.Shape[0] == Dimension.Batch
        && value.Shape.WithoutBatch().IsKnown;

    /// <summary>What the output needs beside a value; null where it sees the input by another way too.</summary>
    private static Graph? HeadAbove(Graph graph, Value features)
    {
        HashSet<Value> needed = [.. graph.Outputs];
        var nodes = new Stack<Node>();
        foreach (Node node in graph.Nodes.Reverse())
        {
            if (node.Outputs.Any(output => output != features && needed.Contains(output)))
            {
                needed.UnionWith(node.Inputs);
                nodes.Push(node);
            }
        }

        return needed.Contains(features) && !needed.Contains(graph.Inputs[0])
            ? new Graph([features], graph.Outputs, [.. nodes])
            : null;
    }
}
