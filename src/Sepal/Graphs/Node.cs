using System.Collections.Immutable;
using Sepal.Operators;

namespace Sepal.Graphs;

/// <summary>One operator at its place in a graph.</summary>
public sealed class Node
{
    internal Node(string name, Operator @operator, ImmutableArray<Value> inputs, ImmutableArray<Value> outputs, string? layerType)
    {
        Name = name;
        Operator = @operator;
        Inputs = inputs;
        Outputs = outputs;
        LayerType = layerType;
    }

    /// <summary>The name, a path such as <c>block_3/expand/conv</c>; reports group by its parts.</summary>
    public string Name { get; }

    /// <summary>What is computed.</summary>
    public Operator Operator { get; }

    /// <summary>What it reads, parameters included, in the operator's order.</summary>
    public ImmutableArray<Value> Inputs { get; }

    /// <summary>What it makes.</summary>
    public ImmutableArray<Value> Outputs { get; }

    /// <summary>The first output; most operators have no other.</summary>
    public Value Output => Outputs[0];

    /// <summary>The class name of the layer that made this node, if one did: <c>SeparableConv2D</c>.</summary>
    public string? LayerType { get; }

    /// <summary>The nodes of the original graph that a rewrite made this one of; itself where none did.</summary>
    internal ImmutableArray<Node> Origins
    {
        get => field.IsDefault ? [this] : field;
        init;
    }

    /// <summary>The first part of the name: the layer, for summaries.</summary>
    public string LayerName => Name.IndexOf('/', StringComparison.Ordinal) is var slash and >= 0 ? Name[..slash] : Name;

    /// <inheritdoc/>
    public override string ToString() => $"{Name} ({Operator.Name})";
}
