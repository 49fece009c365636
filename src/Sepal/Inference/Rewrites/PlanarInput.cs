using Sepal.Graphs;
using Sepal.Kernels;
using Sepal.Operators;

namespace Sepal.Inference.Rewrites;

/// <summary>
/// Lets a first convolution read a colour image as ONNX has it, NCHW: it copies rows with their padding anyway, and can
/// interleave the channels as it does.
/// </summary>
internal static class PlanarInput
{
    public static Graph Rewrite(Graph graph)
    {
        var change = new NodeReplacement(graph);
        foreach (Node node in graph.Nodes)
        {
            if (node.Operator is Transpose { Permutation: [0, 2, 3, 1] }
                && graph.OnlyReader(node.Output) is { Operator: ConvolutionChain chain } reader
                && reader.Inputs[0] == node.Output
                && chain.Stages[0] is { Product.Operator: Convolution { Groups: 1 }, HasScale: false, IsPointwise: false }
                && node.Output.Spec.Channels is { IsKnown: true, Value: var channels }
                && PlaneInterleaving.Suits(channels))
            {
                ConvolutionChain planar = chain with
                {
                    Stages = chain.Stages.SetItem(0, chain.Stages[0] with { IsPlanar = true }),
                    Nodes = chain.Nodes.Insert(0, node),
                };
                change.Remove(node);
                change.Replace(
                    reader, new Node(reader.Name, planar, reader.Inputs.SetItem(0, node.Inputs[0]), reader.Outputs, reader.LayerType));
            }
        }

        return change.Build();
    }
}
