using Sepal.Graphs;
using Sepal.Operators;

namespace Sepal.Inference.Rewrites;

/// <summary>
/// Finds <c>x · hardSigmoid(x)</c> and <c>x · sigmoid(x)</c>, as exporters write the hard swish (arXiv 1905.02244) and the swish
/// (arXiv 1710.05941), and makes one function of them.
/// </summary>
internal static class SwishRecognition
{
    public static Graph Rewrite(Graph graph)
    {
        var change = new NodeReplacement(graph);
        foreach (Node node in graph.Nodes)
        {
            if (node is { Operator: Binary { Function: BinaryFunction.Multiply }, Inputs: [Value left, Value right] }
                && (Gate(graph, left, right) ?? Gate(graph, right, left)) is ({ } gate, { } swish))
            {
                change.Remove(gate);
                change.Replace(node, new Node(node.Name, swish, gate.Inputs, node.Outputs, node.LayerType) { Origins = [gate, node] });
            }
        }

        return change.Build();
    }

    /// <summary>The node that makes the gate of a value, and the function that both together are.</summary>
    private static (Node Gate, Unary Swish)? Gate(Graph graph, Value gated, Value gate)
    {
        if (graph.Producer(gate) is not { Operator: Unary unary } node || node.Inputs[0] != gated || graph.OnlyReader(gate) is null)
        {
            return null;
        }

        return unary switch
        {
            { Function: UnaryFunction.Sigmoid } => (node, new Unary(UnaryFunction.Swish)),
            { Function: UnaryFunction.HardSigmoid, Beta: 0.5f } when MathF.Abs(unary.Alpha - (1f / 6)) < 1e-6f =>
                (node, new Unary(UnaryFunction.HardSwish)),
            _ => null,
        };
    }
}
