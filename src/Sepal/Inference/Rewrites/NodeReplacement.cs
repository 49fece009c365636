using System.Collections.Immutable;
using Sepal.Graphs;

namespace Sepal.Inference.Rewrites;

/// <summary>
/// Collects what becomes of the nodes of a graph, and makes the graph that results. Values and parameters are those of the source,
/// so that numbers stored for the one are found for the other.
/// </summary>
internal sealed class NodeReplacement(Graph source)
{
    private readonly Dictionary<Node, ImmutableArray<Node>> _changes = [];
    private readonly Dictionary<Value, Value> _substitutes = [];

    /// <summary>Whether nothing is to change.</summary>
    public bool IsEmpty => _changes.Count == 0 && _substitutes.Count == 0;

    /// <summary>Whether a node stays as it is, as far as has been said.</summary>
    public bool IsUntouched(Node node) => !_changes.ContainsKey(node);

    /// <summary>Takes a node out; others make its outputs, or nobody reads them.</summary>
    public void Remove(Node node) => _changes.Add(node, []);

    /// <summary>Puts nodes in the place of another; their inputs must be made before.</summary>
    public void Replace(Node node, params ImmutableArray<Node> replacements) => _changes.Add(node, replacements);

    /// <summary>Lets everything that reads a value read another. The value must be no output of the graph.</summary>
    public void Substitute(Value value, Value substitute) => _substitutes.Add(value, substitute);

    /// <summary>The changed graph, without nodes that nothing needs any more.</summary>
    public Graph Build()
    {
        if (IsEmpty)
        {
            return source;
        }

        var changed = new Graph(
            source.Inputs,
            source.Outputs,
            [.. source.Nodes.SelectMany(node => _changes.TryGetValue(node, out ImmutableArray<Node> change) ? change : [node]).Select(Substituted)]);
        return changed.For(changed.Outputs);
    }

    /// <summary>What is read in place of a value; a substitute may have one of its own.</summary>
    private Value Substituted(Value value)
    {
        while (_substitutes.TryGetValue(value, out Value? substitute))
        {
            value = substitute;
        }

        return value;
    }

    private Node Substituted(Node node) => node.Inputs.Any(_substitutes.ContainsKey)
        ? new Node(
            node.Name,
            node.Operator,
            [.. node.Inputs.Select(Substituted)],
            node.Outputs,
            node.LayerType)
        {
            Origins = node.Origins,
        }
        : node;
}
