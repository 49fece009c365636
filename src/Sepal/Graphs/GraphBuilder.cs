using System.Collections.Immutable;
using Sepal.Operators;
using Sepal.Training.Initializers;

namespace Sepal.Graphs;

/// <summary>Builds a graph node by node; every shape is inferred, and every mistake found, where it is made.</summary>
public sealed class GraphBuilder
{
    private readonly List<Value> _inputs = [];
    private readonly List<Node> _nodes = [];
    private readonly Dictionary<string, Value> _values = new(StringComparer.Ordinal);
    private readonly HashSet<string> _nodeNames = new(StringComparer.Ordinal);

    /// <summary>Declares an input.</summary>
    /// <param name="name">A name, unique among all values.</param>
    /// <param name="spec">Its shape (batch included) and element type.</param>
    /// <returns>The value to give to nodes.</returns>
    /// <exception cref="GraphException">The name is taken, or a dimension is not positive.</exception>
    public Value Input(string name, TensorSpec spec) => Input(name, spec, isRead: true);

    /// <summary>Declares an input that a caller may give although no node reads it, so that it may be empty.</summary>
    internal Value InputUnread(string name, TensorSpec spec) => Input(name, spec, isRead: false);

    /// <summary>Declares a parameter.</summary>
    /// <param name="name">A name, unique among all values.</param>
    /// <param name="shape">A shape of numbers.</param>
    /// <param name="initializer">What the numbers are before training.</param>
    /// <param name="fans">The fans the initialiser scales by; needed only where it does.</param>
    /// <param name="trainable">Whether the optimizer changes it.</param>
    /// <param name="l2">The factor of an L2 penalty, or 0.</param>
    /// <returns>The value to give to nodes.</returns>
    /// <exception cref="GraphException">The name is taken, the shape is open or not positive, or the penalty is negative.</exception>
    public Parameter Parameter(
        string name, Shape shape, Initializer initializer, Fans? fans = null, bool trainable = true, float l2 = 0)
    {
        ArgumentNullException.ThrowIfNull(shape);
        ArgumentNullException.ThrowIfNull(initializer);
        if (shape.Any(dimension => !dimension.IsKnown || dimension.Value <= 0))
        {
            throw new GraphException(
                $"The parameter '{name}' has the shape {shape}. Every dimension of a parameter must be a number of at least 1.");
        }

        if (l2 is not (>= 0 and < float.PositiveInfinity))
        {
            throw new GraphException(
                $"The parameter '{name}' has the L2 penalty {l2}. Give a number of at least 0, for example 0.0001.");
        }

        return (Parameter)Register(new Parameter(name, new TensorSpec(shape) { AxisOrder = string.Empty }, initializer)
        {
            Fans = fans ?? new Fans(1, 1),
            Trainable = trainable,
            L2 = l2,
        });
    }

    /// <summary>Declares a constant.</summary>
    /// <param name="name">A name, unique among all values.</param>
    /// <param name="data">Its numbers.</param>
    /// <returns>The value to give to nodes.</returns>
    /// <exception cref="GraphException">The name is taken.</exception>
    public ConstantValue Constant(string name, TensorData data)
    {
        ArgumentNullException.ThrowIfNull(data);
        return (ConstantValue)Register(new ConstantValue(name, data));
    }

    /// <summary>Adds a node and infers what it makes.</summary>
    /// <param name="name">A path, unique among nodes; the first output has the same name.</param>
    /// <param name="operator">What is computed.</param>
    /// <param name="inputs">Values of this builder, in the operator's order.</param>
    /// <param name="layerType">The class name of the layer behind the node, if there is one.</param>
    /// <param name="nameOutput">Gives the outputs their names, if they are not to follow from the node's.</param>
    /// <returns>The node.</returns>
    /// <exception cref="GraphException">The name is taken, an input is foreign, or the shapes do not fit.</exception>
    public Node Add(
        string name,
        Operator @operator,
        ImmutableArray<Value> inputs,
        string? layerType = null,
        Func<int, string>? nameOutput = null)
    {
        ArgumentNullException.ThrowIfNull(@operator);
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        if (!_nodeNames.Add(name))
        {
            throw new GraphException($"Two nodes are named '{name}'. Give one of them another name.");
        }

        foreach (Value input in inputs)
        {
            if (!_values.TryGetValue(input.Name, out Value? known) || known != input)
            {
                throw new GraphException(
                    $"The node '{name}' reads '{input.Name}', which is not a value of this graph. "
                    + "Declare it as an input or a parameter, or add the node that makes it first.");
            }
        }

        ImmutableArray<TensorSpec> specs = @operator.InferOutputs(new OperatorCall(name, @operator, [.. inputs.Select(input => input.Spec)]));
        ImmutableArray<Value> outputs = [.. specs.Select((spec, index) => Register(new Value(
            nameOutput?.Invoke(index) ?? (index == 0 ? name : $"{name}:{index}"), spec)))];
        var node = new Node(name, @operator, inputs, outputs, layerType);
        _nodes.Add(node);
        return node;
    }

    /// <summary>Finishes the graph. Nodes that no output needs are left out.</summary>
    /// <param name="outputs">The values the graph is for.</param>
    /// <returns>The graph.</returns>
    /// <exception cref="GraphException">There is no output, or one is foreign.</exception>
    public Graph Build(params ReadOnlySpan<Value> outputs)
    {
        if (outputs.IsEmpty)
        {
            throw new GraphException("A graph needs at least one output.");
        }

        var needed = new HashSet<Value>();
        foreach (Value output in outputs)
        {
            if (!_values.TryGetValue(output.Name, out Value? known) || known != output)
            {
                throw new GraphException($"The output '{output.Name}' is not a value of this graph.");
            }

            needed.Add(output);
        }

        for (int index = _nodes.Count - 1; index >= 0; index--)
        {
            if (_nodes[index].Outputs.Any(needed.Contains))
            {
                needed.UnionWith(_nodes[index].Inputs);
            }
        }

        return new Graph([.. _inputs], [.. outputs], [.. _nodes.Where(node => node.Outputs.Any(needed.Contains))]);
    }

    private Value Register(Value value)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(value.Name);
        if (value.Spec.Rank > Shape.MaximumRank)
        {
            throw new GraphException(
                $"The value '{value.Name}' would have {value.Spec.Rank} dimensions. At most {Shape.MaximumRank} are supported.");
        }

        if (!_values.TryAdd(value.Name, value))
        {
            throw new GraphException($"Two values are named '{value.Name}'. Give one of them another name.");
        }

        return value;
    }

    private Value Input(string name, TensorSpec spec, bool isRead)
    {
        ArgumentNullException.ThrowIfNull(spec);
        if (isRead && spec.Shape.Any(dimension => dimension is { IsKnown: true, Value: <= 0 }))
        {
            throw new GraphException(
                $"The input '{name}' has the shape {spec.Describe()}. Every dimension must be at least 1.");
        }

        Value value = Register(new Value(name, spec));
        _inputs.Add(value);
        return value;
    }
}
