using System.Collections.Immutable;
using Sepal.Operators;

namespace Sepal.Graphs;

/// <summary>A node by names, before the graph it belongs to is known to be sound: what a file says.</summary>
/// <param name="Name">The node's path.</param>
/// <param name="Operator">What is computed.</param>
/// <param name="Inputs">Names of the values it reads.</param>
/// <param name="LayerType">The class name of the layer behind the node, if there is one.</param>
public sealed record NodeDefinition(string Name, Operator Operator, ImmutableArray<string> Inputs, string? LayerType = null);

/// <summary>Makes a graph out of node definitions in any order.</summary>
public static class GraphAssembly
{
    /// <summary>Sorts the definitions so that each comes after those it reads, and adds them.</summary>
    /// <param name="builder">Holds the inputs and parameters already.</param>
    /// <param name="definitions">The nodes, in any order; a node's first output has the node's name.</param>
    /// <param name="declared">The inputs and parameters by name.</param>
    /// <param name="outputs">Names of the values that the graph is for.</param>
    /// <returns>The graph.</returns>
    /// <exception cref="GraphException">A cycle, a missing input, a name used twice, or shapes that do not fit.</exception>
    public static Graph Assemble(
        GraphBuilder builder,
        IReadOnlyCollection<NodeDefinition> definitions,
        IEnumerable<Value> declared,
        IEnumerable<string> outputs)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(definitions);
        ArgumentNullException.ThrowIfNull(declared);
        ArgumentNullException.ThrowIfNull(outputs);
        var values = declared.ToDictionary(value => value.Name, StringComparer.Ordinal);
        var byName = new Dictionary<string, NodeDefinition>(StringComparer.Ordinal);
        foreach (NodeDefinition definition in definitions)
        {
            if (!byName.TryAdd(definition.Name, definition) || values.ContainsKey(definition.Name))
            {
                throw new GraphException($"Two values are named '{definition.Name}'. Give one of them another name.");
            }
        }

        foreach (NodeDefinition definition in Sorted(byName, values))
        {
            ImmutableArray<Value> inputs = [.. definition.Inputs.Select(name =>
                values.TryGetValue(name, out Value? value) ? value : throw Missing(definition, name))];
            Node node = builder.Add(definition.Name, definition.Operator, inputs, definition.LayerType);
            foreach (Value output in node.Outputs)
            {
                values.Add(output.Name, output);
            }
        }

        return builder.Build([.. outputs.Select(name => values.TryGetValue(name, out Value? value)
            ? value
            : throw new GraphException($"The output '{name}' is not made by any node. Known values: {string.Join(", ", values.Keys)}."))]);
    }

    /// <summary>Depth first, with a stack of its own: a hostile file may nest deeper than the thread's stack.</summary>
    private static List<NodeDefinition> Sorted(Dictionary<string, NodeDefinition> byName, Dictionary<string, Value> declared)
    {
        var sorted = new List<NodeDefinition>(byName.Count);
        var done = new HashSet<string>(StringComparer.Ordinal);
        var open = new HashSet<string>(StringComparer.Ordinal);
        var stack = new Stack<(NodeDefinition Definition, int Next)>();
        foreach (NodeDefinition root in byName.Values)
        {
            if (!done.Contains(root.Name))
            {
                open.Add(root.Name);
                stack.Push((root, 0));
            }

            while (stack.TryPop(out (NodeDefinition Definition, int Next) top))
            {
                NodeDefinition definition = top.Definition;
                if (top.Next == definition.Inputs.Length)
                {
                    open.Remove(definition.Name);
                    done.Add(definition.Name);
                    sorted.Add(definition);
                    continue;
                }

                stack.Push((definition, top.Next + 1));
                string input = definition.Inputs[top.Next];
                string producer = Producer(input, byName);
                if (declared.ContainsKey(input) || done.Contains(producer))
                {
                    continue;
                }

                if (!byName.TryGetValue(producer, out NodeDefinition? next))
                {
                    throw Missing(definition, input);
                }

                if (!open.Add(producer))
                {
                    IEnumerable<string> path = stack.Select(entry => entry.Definition.Name).TakeWhile(name => name != producer).Reverse();
                    throw new GraphException(
                        $"The nodes form a cycle: {string.Join(" → ", path.Prepend(producer).Append(producer).Reverse())}. "
                        + "A graph must flow one way: remove one of these inputs.");
                }

                stack.Push((next, 0));
            }
        }

        return sorted;
    }

    private static GraphException Missing(NodeDefinition definition, string input) => new(
        $"The node '{definition.Name}' ({definition.Operator.Name}) reads '{input}', which is neither an input, "
        + "a parameter nor made by any node. Add it, or correct the name.");

    /// <summary>The name of the node that makes a value: <c>split:1</c> is the second output of <c>split</c>.</summary>
    private static string Producer(string value, Dictionary<string, NodeDefinition> byName) =>
        !byName.ContainsKey(value) && value.LastIndexOf(':') is var colon and > 0 ? value[..colon] : value;
}
