using System.Collections.Immutable;
using Sepal.Graphs;

namespace Sepal.Costs;

/// <summary>What the nodes of one layer cost together.</summary>
public sealed record LayerCost : CostCounts
{
    internal LayerCost(ImmutableArray<NodeCost> nodes)
        : base(nodes)
    {
        Nodes = nodes;
    }

    /// <summary>The layer's name: the first part of its nodes' names.</summary>
    public required string Name { get; init; }

    /// <summary>
    /// The layer's class name, <c>SeparableConv2D</c>; <c>Block</c> where several layers share the name; the first node's operator
    /// where no layer made the nodes.
    /// </summary>
    public required string Type { get; init; }

    /// <summary>The layer's nodes, in graph order.</summary>
    public ImmutableArray<NodeCost> Nodes { get; }

    /// <summary>The shape of the last node's output, numbers only, batch included.</summary>
    public Shape OutputShape => Nodes[^1].OutputShape;
}
