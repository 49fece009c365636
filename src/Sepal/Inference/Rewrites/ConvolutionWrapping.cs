using Sepal.Graphs;
using Sepal.Operators;

namespace Sepal.Inference.Rewrites;

/// <summary>Makes every convolution and dense layer with a stored kernel a chain of one, for other rewrites to extend.</summary>
internal static class ConvolutionWrapping
{
    public static Graph Rewrite(Graph graph)
    {
        var change = new NodeReplacement(graph);
        foreach (Node node in graph.Nodes)
        {
            if (node.Operator is Convolution or Dense && node.Inputs.Skip(1).All(input => input.IsStored()))
            {
                var chain = new ConvolutionChain([new FusedConvolution(node) { HasBias = node.Inputs.Length > 2 }], node.Origins);
                change.Replace(node, new Node(node.Name, chain, node.Inputs, node.Outputs, node.LayerType));
            }
        }

        return change.Build();
    }
}
