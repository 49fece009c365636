using Sepal.Graphs;

namespace Sepal.Costs;

/// <summary>Which values a training step needs gradients by: trainable parameters, and what is computed of them.</summary>
internal sealed class TrainedValues
{
    private readonly HashSet<Value> _computed = [];

    public TrainedValues(Graph graph)
    {
        foreach (Node node in graph.Nodes)
        {
            if (node.Inputs.Any(Needs))
            {
                _computed.UnionWith(node.Outputs);
            }
        }
    }

    /// <summary>Whether anything trainable depends on the gradient by a value.</summary>
    public bool Needs(Value value) => value is Parameter { Trainable: true } || _computed.Contains(value);
}
