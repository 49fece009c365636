using Sepal.Graphs;
using Sepal.Operators;

namespace Sepal.Inference.Rewrites;

/// <summary>Adds a tensor to a convolution's result before it is written, rather than in a pass of its own.</summary>
internal static class ResidualFusion
{
    public static Graph Rewrite(Graph graph)
    {
        var change = new NodeReplacement(graph);
        foreach (Node node in graph.Nodes)
        {
            if (node is { Operator: Binary { Function: BinaryFunction.Add }, Inputs: [Value left, Value right] } && left != right)
            {
                // The later of two convolutions, so that what is added exists by then.
                Node? product = Candidate(graph, change, right, left) ?? Candidate(graph, change, left, right);
                if (product is not null)
                {
                    Fuse(change, product, node, left == product.Output ? right : left);
                }
            }
        }

        return change.Build();
    }

    private static Node? Candidate(Graph graph, NodeReplacement change, Value result, Value residual) =>
        graph.Producer(result) is { Operator: ConvolutionChain { PoolsResult: false, Last: { HasResidual: false, Activation: null, IsDepthwise: false } } } product
            && graph.OnlyReader(result) is not null
            && change.IsUntouched(product)
            && residual.Shape.Equals(result.Shape)
            ? product
            : null;

    private static void Fuse(NodeReplacement change, Node product, Node addition, Value residual)
    {
        var chain = (ConvolutionChain)product.Operator;
        ConvolutionChain fused = chain.WithLast(chain.Last with { HasResidual = true }, addition);
        change.Remove(product);

        // At the addition's place, where both of its inputs have been made.
        change.Replace(addition, new Node(product.Name, fused, product.Inputs.Add(residual), addition.Outputs, product.LayerType));
    }
}
