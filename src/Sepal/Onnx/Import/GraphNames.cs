using System.Collections.Immutable;
using Sepal.Graphs;
using Sepal.Operators;

namespace Sepal.Onnx.Import;

/// <summary>Gives nodes and values of the graph names that nobody else has, as near as may be to those in the file.</summary>
internal sealed class GraphNames
{
    private readonly UniqueNames _nodes = new();
    private readonly UniqueNames _values = new();

    /// <summary>Takes a value name, with a number behind it if it is taken.</summary>
    public string Reserve(string wanted) => _values.Take(wanted);

    /// <summary>Adds a node with one output, both with names of their own.</summary>
    public Value Add(GraphBuilder builder, string name, Operator @operator, ImmutableArray<Value> inputs) =>
        AddNode(builder, name, @operator, inputs, valueName: null).Output;

    /// <summary>Adds a node.</summary>
    /// <param name="builder">Where to.</param>
    /// <param name="name">The name wanted for the node.</param>
    /// <param name="operator">What it computes.</param>
    /// <param name="inputs">What it reads.</param>
    /// <param name="valueName">The name wanted for the first output; the node's where not given.</param>
    public Node AddNode(GraphBuilder builder, string name, Operator @operator, ImmutableArray<Value> inputs, string? valueName)
    {
        string unique = _nodes.Take(name.Trim('/'));
        string first = valueName ?? unique;
        return builder.Add(
            unique, @operator, inputs, nameOutput: index => _values.Take(index == 0 ? first : $"{first}:{index}"));
    }

    private sealed class UniqueNames
    {
        private readonly HashSet<string> _taken = new(StringComparer.Ordinal);
        private readonly Dictionary<string, int> _next = new(StringComparer.Ordinal);

        public string Take(string wanted)
        {
            string name = string.IsNullOrWhiteSpace(wanted) ? "unnamed" : wanted;
            string free = name;
            while (!_taken.Add(free))
            {
                int number = _next.GetValueOrDefault(name) + 1;
                _next[name] = number;
                free = $"{name}_{number}";
            }

            return free;
        }
    }
}
