using System.Collections.Immutable;
using Sepal.Graphs;

namespace Sepal.Inference.Rewrites;

/// <summary>
/// Convolutions one after the other, computed together in strips of rows, so that what lies between them stays in the cache. Its
/// inputs are the first one's data and then the inputs of each. Its outputs are the last one's result and, where
/// <see cref="PoolsResult"/>, the mean of every image and channel of that.
/// </summary>
/// <param name="Stages">The convolutions; at least one.</param>
/// <param name="Nodes">The nodes of the original graph that it computes, in their order.</param>
internal sealed record ConvolutionChain(ImmutableArray<FusedConvolution> Stages, ImmutableArray<Node> Nodes) : FusedOperator(Nodes)
{
    /// <summary>Whether the mean of the result is computed too.</summary>
    public bool PoolsResult { get; init; }

    /// <summary>The last convolution.</summary>
    public FusedConvolution Last => Stages[^1];

    /// <summary>Where the inputs of a stage begin among the node's.</summary>
    public int InputIndex(int stage) => 1 + Stages.Take(stage).Sum(before => before.InputCount);

    /// <summary>The same with another last convolution, computing one more node.</summary>
    public ConvolutionChain WithLast(FusedConvolution last, Node absorbed) =>
        this with { Stages = Stages.SetItem(Stages.Length - 1, last), Nodes = Nodes.AddRange(absorbed.Origins) };
}
