using System.Collections.Immutable;
using Sepal.Graphs;

namespace Sepal.Inference.Rewrites;

/// <summary>
/// Joins two tensors' channels alternately: <c>a₀ b₀ a₁ b₁ …</c>. One output has them all, or two have a half each.
/// </summary>
/// <param name="Nodes">The nodes of the original graph that it computes.</param>
internal sealed record AlternateChannels(ImmutableArray<Node> Nodes) : FusedOperator(Nodes);
