using System.Collections.Immutable;
using Sepal.Graphs;
using Sepal.Operators;
using Sepal.Training.Initializers;

namespace Sepal.Layers;

/// <summary>What a layer sees while it is lowered: its name, and the graph it adds to.</summary>
public sealed class LayerContext
{
    private readonly GraphBuilder _builder;
    private readonly Layer _layer;
    private readonly Dictionary<string, Parameter> _parameters;

    internal LayerContext(GraphBuilder builder, Layer layer, string name, Dictionary<string, Parameter> parameters)
    {
        _builder = builder;
        _layer = layer;
        Name = name;
        _parameters = parameters;
    }

    /// <summary>The layer's name in this model.</summary>
    public string Name { get; }

    /// <summary>Adds a node.</summary>
    /// <param name="operator">What it computes.</param>
    /// <param name="inputs">What it reads, parameters included.</param>
    /// <param name="part">The node's name within the layer; none for the layer's only or main node.</param>
    /// <returns>What the node gives.</returns>
    public Value Add(Operator @operator, ImmutableArray<Value> inputs, string? part = null) => AddAll(@operator, inputs, part)[0];

    /// <summary>Adds a node that may have several outputs.</summary>
    /// <param name="operator">What it computes.</param>
    /// <param name="inputs">What it reads, parameters included.</param>
    /// <param name="part">The node's name within the layer; none for the layer's only or main node.</param>
    /// <returns>Everything the node gives.</returns>
    public ImmutableArray<Value> AddAll(Operator @operator, ImmutableArray<Value> inputs, string? part = null) =>
        _builder.Add(part is null ? Name : $"{Name}/{part}", @operator, inputs, _layer.GetType().Name).Outputs;

    /// <summary>Adds an activation, if there is one.</summary>
    /// <param name="activation">The activation, or null.</param>
    /// <param name="input">What it is applied to.</param>
    /// <returns>The activated value, or the input.</returns>
    public Value Activate(IActivation? activation, Value input) => activation switch
    {
        null => input,
        Operator @operator => Add(@operator, [input], @operator.Name.ToLowerInvariant()),
        _ => throw Error($"the activation {activation.Name} is not an operator of Sepal", "Take one of Activations."),
    };

    /// <summary>Adds a parameter, or finds it where the layer was applied before.</summary>
    /// <param name="name">The name within the layer, for example <c>kernel</c>.</param>
    /// <param name="shape">A shape of numbers.</param>
    /// <param name="initializer">What the numbers are before training.</param>
    /// <param name="fans">The fans the initialiser scales by.</param>
    /// <param name="trainable">Whether the optimizer may change it at all.</param>
    /// <param name="l2">The factor of an L2 penalty, or 0.</param>
    /// <returns>The parameter.</returns>
    /// <exception cref="GraphException">A shared layer was applied to inputs of different shapes.</exception>
    public Parameter Parameter(
        string name, Shape shape, Initializer initializer, Fans? fans = null, bool trainable = true, float l2 = 0)
    {
        ArgumentNullException.ThrowIfNull(shape);
        if (_parameters.TryGetValue(name, out Parameter? known))
        {
            return known.Shape.Equals(shape)
                ? known
                : throw Error(
                    $"it is applied twice, and its {name} would have the shapes {known.Shape} and {shape}",
                    "Apply it to inputs of equal channels, or use two layer objects.");
        }

        Parameter parameter = _builder.Parameter(
            $"{Name}/{name}", shape, initializer, fans, trainable && _layer.Trainable, l2);
        _parameters.Add(name, parameter);
        return parameter;
    }

    /// <summary>The only input of a layer that takes one.</summary>
    /// <param name="inputs">What the layer was given.</param>
    /// <returns>The input.</returns>
    /// <exception cref="GraphException">There is none, or more than one.</exception>
    public Value Single(ImmutableArray<Value> inputs) => inputs.Length == 1
        ? inputs[0]
        : throw Error($"it was given {inputs.Length} inputs", "Give it one.");

    /// <summary>The channels of an image: its last dimension, which must be a number.</summary>
    /// <param name="value">A layer's input.</param>
    /// <param name="rank">The dimensions it must have, batch included; 0 for any from two up.</param>
    /// <returns>The channels.</returns>
    /// <exception cref="GraphException">The rank differs, or the channels are open.</exception>
    public int Channels(Value value, int rank = 0)
    {
        ArgumentNullException.ThrowIfNull(value);
        if (rank > 0 ? value.Spec.Rank != rank : value.Spec.Rank < 2)
        {
            string expected = rank == 4 ? "an image: batch, height, width, channels" : "batch and channels at least";
            throw Error($"its input has the shape {value.Spec.Describe()}", $"Expected {expected}.");
        }

        return value.Spec.Channels is { IsKnown: true, Value: <= int.MaxValue and var channels }
            ? (int)channels
            : throw Error($"its input {value.Spec.Describe()} has no fixed number of channels", "Give the last dimension a number.");
    }

    /// <summary>Makes the error to throw when a layer's options do not fit.</summary>
    /// <param name="problem">What is wrong, a sentence without its full stop.</param>
    /// <param name="remedy">What was expected and how to get there, a whole sentence.</param>
    /// <returns>The exception; the caller throws it.</returns>
    public GraphException Error(string problem, string remedy) =>
        new($"Layer '{Name}' ({_layer.GetType().Name}): {problem}. {remedy}");
}
