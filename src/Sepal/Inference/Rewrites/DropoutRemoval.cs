using Sepal.Execution;
using Sepal.Graphs;
using Sepal.Operators;

namespace Sepal.Inference.Rewrites;

/// <summary>Takes dropout, which does nothing at inference, out of a graph.</summary>
internal static class DropoutRemoval
{
    public static Graph Rewrite(Graph graph, ParameterStore numbers)
    {
        var copy = new GraphCopy(graph, numbers);
        foreach (Node node in graph.Nodes)
        {
            if (node.Operator is Dropout)
            {
                copy.Replace(node.Output, copy.Of(node.Inputs[0]));
            }
            else
            {
                copy.Copy(node);
            }
        }

        return copy.Build();
    }
}
