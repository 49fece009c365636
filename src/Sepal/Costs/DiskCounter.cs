using Sepal.Graphs;
using Sepal.Operators;

namespace Sepal.Costs;

/// <summary>Counts what a graph's numbers take when stored.</summary>
internal static class DiskCounter
{
    /// <summary>Counts.</summary>
    /// <param name="graph">The graph.</param>
    public static DiskSize Count(Graph graph)
    {
        long constants = graph.Constants.Sum(constant => constant.Spec.ByteCount.Value);
        long parameters = graph.Parameters.Sum(parameter => parameter.Length);
        long whole = checked((parameters * sizeof(float)) + constants);
        long saved = 0;
        var seen = new HashSet<Parameter>();
        foreach (Node node in graph.Nodes)
        {
            int position = node.Operator switch
            {
                Convolution or ConvolutionTranspose or Dense => 1,
                MatMul => node.Inputs[1] is Parameter ? 1 : 0,
                _ => -1,
            };
            if (position >= 0 && node.Inputs[position] is Parameter kernel && seen.Add(kernel))
            {
                long scales = node.Operator is ConvolutionTranspose transpose ? transpose.Filters : node.Output.Spec.Channels.Value;
                saved += (3 * kernel.Length) - (sizeof(float) * scales);
            }
        }

        return new DiskSize(whole, checked((parameters * sizeof(ushort)) + constants), whole - saved);
    }
}
