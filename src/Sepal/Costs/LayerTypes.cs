using Sepal.Graphs;

namespace Sepal.Costs;

/// <summary>What reports call a layer by.</summary>
internal static class LayerTypes
{
    /// <summary>The layers' class name, the first node's operator where no layer made the nodes, or <c>Block</c> for several layers under one path.</summary>
    /// <param name="nodes">All nodes whose names begin alike; at least one.</param>
    public static string Of(IReadOnlyCollection<Node> nodes)
    {
        Node first = nodes.First();
        return first.LayerType is null
            ? first.Operator.Name
            : nodes.All(node => node.LayerType == first.LayerType) ? first.LayerType : "Block";
    }
}
