using Sepal.Graphs;
using Sepal.Operators;

namespace Sepal.Inference.Rewrites;

/// <summary>
/// Multiplies by the factors of squeeze-and-excitation (arXiv 1709.01507), one for every image and channel, while the pointwise
/// convolution after it reads its data, rather than in a pass of its own.
/// </summary>
internal static class ScaleFusion
{
    public static Graph Rewrite(Graph graph)
    {
        var change = new NodeReplacement(graph);
        foreach (Node node in graph.Nodes)
        {
            if (node is not { Operator: Binary { Function: BinaryFunction.Multiply }, Inputs: [Value left, Value right] }
                || graph.OnlyReader(node.Output) is not { Operator: ConvolutionChain chain } reader
                || reader.Inputs[0] != node.Output
                || !chain.Stages[0].IsPointwise || chain.Stages[0].HasScale)
            {
                continue;
            }

            (Value data, Value scale) = IsScaleOf(left, right) ? (right, left) : (left, right);
            if (IsScaleOf(scale, data))
            {
                Fuse(change, node, reader, data, scale);
            }
        }

        return change.Build();
    }

    private static bool IsScaleOf(Value scale, Value data) =>
        data.Shape.Rank == 4 && scale.Shape.Rank == 4
        && scale.Shape[0] == data.Shape[0] && scale.Shape[1] == 1 && scale.Shape[2] == 1 && scale.Shape[3] == data.Shape[3];

    private static void Fuse(NodeReplacement change, Node product, Node reader, Value data, Value scale)
    {
        var chain = (ConvolutionChain)reader.Operator;
        FusedConvolution first = chain.Stages[0] with { HasScale = true };
        ConvolutionChain fused = chain with { Stages = chain.Stages.SetItem(0, first), Nodes = chain.Nodes.Insert(0, product) };
        var inputs = reader.Inputs.SetItem(0, data).Insert(1 + first.ScaleIndex, scale);
        change.Remove(product);
        change.Replace(reader, new Node(reader.Name, fused, inputs, reader.Outputs, reader.LayerType));
    }
}
