using System.Collections.Immutable;
using Sepal.Operators;

namespace Sepal.Graphs;

/// <summary>
/// Copies a graph node by node into a new one, so that a caller can leave out, replace or add some. Names, initialisers and
/// what else a parameter holds stay as they are.
/// </summary>
internal sealed class GraphCopy
{
    private readonly Dictionary<Value, Value> _copies = [];

    public GraphCopy(Graph source)
    {
        foreach (Value input in source.Inputs)
        {
            _copies.Add(input, Builder.Input(input.Name, input.Spec));
        }
    }

    /// <summary>Where the copy is made.</summary>
    public GraphBuilder Builder { get; } = new();

    /// <summary>The parameters of the copy with those they are copies of.</summary>
    public IEnumerable<(Parameter Source, Parameter Copy)> Parameters =>
        _copies.Where(pair => pair.Key is Parameter).Select(pair => ((Parameter)pair.Key, (Parameter)pair.Value));

    /// <summary>The copy of a value: made on first use for a parameter or a constant, by its node for any other.</summary>
    /// <param name="value">A value of the source.</param>
    /// <param name="trainable">Whether a parameter's copy may be trained, if it is made here and the source may.</param>
    public Value Of(Value value, bool trainable = true)
    {
        if (_copies.TryGetValue(value, out Value? copy))
        {
            return copy;
        }

        copy = value switch
        {
            Parameter parameter => Builder.Parameter(
                parameter.Name, parameter.Shape, parameter.Initializer, parameter.Fans, parameter.Trainable && trainable, parameter.L2),
            ConstantValue constant => Builder.Constant(constant.Name, constant.Data),
            _ => throw new GraphException($"The value '{value.Name}' is made by a node that was left out of the copy."),
        };
        _copies.Add(value, copy);
        return copy;
    }

    /// <summary>Copies a node.</summary>
    /// <param name="node">A node of the source, after those it reads from.</param>
    /// <param name="operator">What it computes in the copy; the same where not given.</param>
    /// <param name="trainable">Whether its parameters may be trained.</param>
    public void Add(Node node, Operator? @operator = null, bool trainable = true)
    {
        ImmutableArray<Value> inputs = [.. node.Inputs.Select(input => Of(input, trainable))];
        Node copy = Builder.Add(
            node.Name, @operator ?? node.Operator, inputs, node.LayerType, index => node.Outputs[index].Name);
        foreach ((Value source, Value output) in node.Outputs.Zip(copy.Outputs))
        {
            _copies.Add(source, output);
        }
    }
}
