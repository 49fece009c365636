using System.Collections.Immutable;
using Sepal.Graphs;
using Sepal.Inference.Rewrites;
using Sepal.Operators;

namespace Sepal.Costs.WhatIf;

/// <summary>A depthwise convolution and the pointwise one that reads it, with the normalisation and activation after each.</summary>
/// <param name="Depthwise">The depthwise convolution.</param>
/// <param name="Between">What stands between it and the pointwise one.</param>
/// <param name="Pointwise">The pointwise convolution.</param>
/// <param name="After">What stands after it.</param>
internal sealed record SeparableUnit(Node Depthwise, ImmutableArray<Node> Between, Node Pointwise, ImmutableArray<Node> After)
{
    /// <summary>The value that it makes.</summary>
    public Value Output => After.IsEmpty ? Pointwise.Output : After[^1].Output;

    /// <summary>Whether it ends with an activation.</summary>
    public bool IsActivated => After.Any(node => node.Operator is IActivation);

    /// <summary>The units of a graph, in graph order.</summary>
    public static IEnumerable<SeparableUnit> Of(Graph graph)
    {
        foreach (Node node in graph.Nodes.Where(node => IsKind(node, ConvolutionKind.Depthwise)))
        {
            (ImmutableArray<Node> between, Value value) = Follow(graph, node.Output);
            if (graph.OnlyReader(value) is not { } pointwise || !IsKind(pointwise, ConvolutionKind.Pointwise) || pointwise.Inputs[0] != value)
            {
                continue;
            }

            yield return new SeparableUnit(node, between, pointwise, Follow(graph, pointwise.Output).Nodes);
        }
    }

    /// <summary>The normalisation and the activation that read a value, one after the other, and nothing else does.</summary>
    private static (ImmutableArray<Node> Nodes, Value Last) Follow(Graph graph, Value value)
    {
        var nodes = ImmutableArray.CreateBuilder<Node>();
        while (graph.OnlyReader(value) is { Outputs: [Value output] } reader
            && reader.Inputs[0] == value
            && reader.Inputs.Skip(1).All(input => input.IsStored())
            && ((reader.Operator is BatchNormalization && nodes.Count == 0) || (reader.Operator is IActivation and not Softmax && !nodes.Any(node => node.Operator is IActivation))))
        {
            nodes.Add(reader);
            value = output;
        }

        return (nodes.ToImmutable(), value);
    }

    private static bool IsKind(Node node, ConvolutionKind kind) =>
        node.Operator is Convolution convolution && convolution.KindFor(node.Inputs[0].Spec.Channels.Value) == kind;
}
