using Sepal.Graphs;

namespace Sepal.Costs;

/// <summary>What one node costs.</summary>
public sealed record NodeCost : CostCounts
{
    /// <summary>The node's name, a path.</summary>
    public required string Name { get; init; }

    /// <summary>The layer it belongs to: the first part of the name.</summary>
    public required string LayerName { get; init; }

    /// <summary>
    /// What it is: <c>standard</c>, <c>depthwise</c>, <c>pointwise</c> or <c>grouped</c> for a convolution (one of a
    /// single input channel is <c>standard</c>), <c>dense</c>, or the operator's name in lower case.
    /// </summary>
    public required string Kind { get; init; }

    /// <summary>The operator's name, for example <c>Convolution</c>.</summary>
    public required string Operator { get; init; }

    /// <summary>Which of the five kinds of work it is.</summary>
    public required NodeCategory Category { get; init; }

    /// <summary>
    /// Whether its work is known. It is not for an unknown operator of a file, whose MACs and element operations are then 0
    /// for want of better.
    /// </summary>
    public required bool IsCounted { get; init; }

    /// <summary>Whether it is a convolution of any kind.</summary>
    public required bool IsConvolution { get; init; }

    /// <summary>The shape of the first output, numbers only, batch included.</summary>
    public required Shape OutputShape { get; init; }
}
