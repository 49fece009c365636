using Sepal.Graphs;
using Sepal.Operators;

namespace Sepal.Inference.Rewrites;

/// <summary>
/// Folds batch normalisations into the convolution before them. The numbers are folded when the kernel is packed, so that a
/// model's parameters may go on changing.
/// </summary>
internal static class NormalizationFusion
{
    public static Graph Rewrite(Graph graph)
    {
        var change = new NodeReplacement(graph);
        foreach (Node node in graph.Nodes)
        {
            if (node.Operator is not ConvolutionChain chain
                || chain.Last is { Epsilon: not null } or { HasResidual: true } or { Activation: not null }
                || graph.OnlyReader(node.Output) is not { Operator: BatchNormalization normalization } reader
                || reader.Inputs[0] != node.Output
                || !reader.Inputs.Skip(1).All(input => input.IsStored()))
            {
                continue;
            }

            ConvolutionChain folded = chain.WithLast(chain.Last with { Epsilon = normalization.Epsilon }, reader);
            int position = chain.InputIndex(chain.Stages.Length - 1) + chain.Last.NormalizationIndex;
            change.Replace(node, new Node(node.Name, folded, node.Inputs.InsertRange(position, reader.Inputs.Skip(1)), reader.Outputs, node.LayerType));
            change.Remove(reader);
        }

        return change.Build();
    }
}
