namespace Sepal.Costs;

/// <summary>What the nodes of one category cost together.</summary>
public sealed record CategoryCost : CostCounts
{
    internal CategoryCost(NodeCategory category, IReadOnlyCollection<NodeCost> nodes)
        : base(nodes)
    {
        Category = category;
        Nodes = nodes.Count;
    }

    /// <summary>Which nodes.</summary>
    public NodeCategory Category { get; }

    /// <summary>How many there are.</summary>
    public int Nodes { get; }
}
