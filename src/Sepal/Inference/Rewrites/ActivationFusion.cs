using Sepal.Graphs;
using Sepal.Operators;

namespace Sepal.Inference.Rewrites;

/// <summary>Applies an activation to a convolution's results before they are written, rather than in a pass of its own.</summary>
internal static class ActivationFusion
{
    public static Graph Rewrite(Graph graph)
    {
        var change = new NodeReplacement(graph);
        foreach (Node node in graph.Nodes)
        {
            if (node.Operator is ConvolutionChain { PoolsResult: false, Last.Activation: null } chain
                && graph.OnlyReader(node.Output) is { Operator: Unary activation } reader)
            {
                ConvolutionChain fused = chain.WithLast(chain.Last with { Activation = activation }, reader);
                change.Replace(node, new Node(node.Name, fused, node.Inputs, reader.Outputs, node.LayerType));
                change.Remove(reader);
            }
        }

        return change.Build();
    }
}
