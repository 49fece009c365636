using System.Collections.Immutable;

namespace Sepal.Graphs;

/// <summary>
/// A model: named nodes in an order in which they can run, joined by values. Immutable; a rewrite makes a new one.
/// Built with <see cref="GraphBuilder"/> or, from nodes in any order, with <see cref="GraphAssembly.Assemble"/>.
/// </summary>
public sealed class Graph
{
    private readonly Dictionary<Value, Node> _producers = [];
    private readonly Dictionary<Value, ImmutableArray<Node>> _consumers;

    internal Graph(ImmutableArray<Value> inputs, ImmutableArray<Value> outputs, ImmutableArray<Node> nodes)
    {
        Inputs = inputs;
        Outputs = outputs;
        Nodes = nodes;
        var consumers = new Dictionary<Value, List<Node>>();
        var stored = new List<Value>();
        foreach (Node node in nodes)
        {
            foreach (Value output in node.Outputs)
            {
                _producers.Add(output, node);
            }

            foreach (Value input in node.Inputs.Distinct())
            {
                if (!consumers.TryGetValue(input, out List<Node>? nodesOfInput))
                {
                    consumers.Add(input, nodesOfInput = []);
                    stored.Add(input);
                }

                nodesOfInput.Add(node);
            }
        }

        _consumers = consumers.ToDictionary(pair => pair.Key, pair => pair.Value.ToImmutableArray());
        stored.AddRange(outputs.Where(output => !consumers.ContainsKey(output)).Distinct());
        Parameters = [.. stored.OfType<Parameter>()];
        Constants = [.. stored.OfType<ConstantValue>()];
    }

    /// <summary>What the caller gives.</summary>
    public ImmutableArray<Value> Inputs { get; }

    /// <summary>What the caller gets.</summary>
    public ImmutableArray<Value> Outputs { get; }

    /// <summary>The nodes, each after those it reads from.</summary>
    public ImmutableArray<Node> Nodes { get; }

    /// <summary>The parameters in the order of their first use: graph order.</summary>
    public ImmutableArray<Parameter> Parameters { get; }

    /// <summary>The constants in the order of their first use.</summary>
    public ImmutableArray<ConstantValue> Constants { get; }

    /// <summary>The node that makes a value; null for an input, a parameter or a constant.</summary>
    /// <param name="value">A value of this graph.</param>
    /// <returns>The node.</returns>
    public Node? Producer(Value value) => _producers.GetValueOrDefault(value);

    /// <summary>The nodes that read a value, in graph order, each once.</summary>
    /// <param name="value">A value of this graph.</param>
    /// <returns>The nodes.</returns>
    public ImmutableArray<Node> Consumers(Value value) => _consumers.GetValueOrDefault(value, []);

    /// <summary>A graph with the same inputs, for some values of this one: the nodes that they need, and no others.</summary>
    internal Graph For(ImmutableArray<Value> outputs)
    {
        HashSet<Value> needed = [.. outputs];
        var nodes = new Stack<Node>();
        foreach (Node node in Nodes.Reverse())
        {
            if (node.Outputs.Any(needed.Contains))
            {
                needed.UnionWith(node.Inputs);
                nodes.Push(node);
            }
        }

        return new Graph(Inputs, outputs, [.. nodes]);
    }

    /// <summary>Finds a node by its name.</summary>
    /// <param name="name">The node's path.</param>
    /// <returns>The node.</returns>
    /// <exception cref="GraphException">There is no such node.</exception>
    public Node Node(string name) =>
        Nodes.FirstOrDefault(node => node.Name == name)
        ?? throw new GraphException($"The graph has no node '{name}'. Its nodes: {string.Join(", ", Nodes.Select(node => node.Name))}.");
}
