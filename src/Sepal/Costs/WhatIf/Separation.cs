using System.Collections.Immutable;
using Sepal.Graphs;

namespace Sepal.Costs.WhatIf;

/// <summary>
/// What separability would change of a model: every standard convolution beside depthwise-separable ones, and the totals.
/// The numbers are those of real graphs with the convolutions replaced, counted like any other.
/// </summary>
public sealed record Separation
{
    private Separation()
    {
    }

    /// <summary>What the model costs as it is.</summary>
    public required ModelCost Standard { get; init; }

    /// <summary>The model with separable convolutions, one of each rank, in the order asked for.</summary>
    public required ImmutableArray<SeparatedModel> Variants { get; init; }

    /// <summary>The convolutions that are separated, in graph order.</summary>
    public required ImmutableArray<SeparatedConvolution> Convolutions { get; init; }

    /// <summary>The convolutions that stay as they are, in graph order.</summary>
    public required ImmutableArray<KeptConvolution> Kept { get; init; }

    /// <summary>Separates every standard convolution of a graph; grouped, pointwise, depthwise and transposed ones stay.</summary>
    /// <param name="graph">The graph.</param>
    /// <param name="options">What is counted for, and by which rules; one image where not given.</param>
    /// <param name="ranks">How many separable convolutions are to add up to a standard one; 1 where none is given.</param>
    /// <returns>The comparison.</returns>
    /// <exception cref="SepalException">A rank is less than 1, a dimension is open, or a count does not fit its type.</exception>
    public static Separation Of(Graph graph, CostOptions? options = null, params ImmutableArray<int> ranks)
    {
        ArgumentNullException.ThrowIfNull(graph);
        options ??= new CostOptions();
        ModelCost standard = ModelCost.Of(graph, options);
        ImmutableArray<SeparatedModel> variants = [.. (ranks.IsDefaultOrEmpty ? [1] : ranks).Select(rank =>
        {
            Graph separated = Apply(graph, rank);
            return new SeparatedModel(rank, separated, ModelCost.Of(separated, options));
        })];
        Dictionary<string, NodeCost>[] costs =
            [.. variants.Select(variant => variant.Cost.Nodes.ToDictionary(node => node.Name, StringComparer.Ordinal))];
        return new Separation
        {
            Standard = standard,
            Variants = variants,
            Convolutions = [.. graph.Nodes.Zip(standard.Nodes)
                .Where(pair => SeparationRewrite.IsSeparated(pair.First))
                .Select(pair => new SeparatedConvolution(pair.Second.Name, pair.Second, FormsOf(pair.Second.Name)))],
            Kept = [.. graph.Nodes
                .Select(node => (Node: node, Reason: SeparationRewrite.ReasonToKeep(node)))
                .Where(kept => kept.Reason is not null)
                .Select(kept => new KeptConvolution(kept.Node.Name, GraphCounter.KindOf(kept.Node), kept.Reason!))],
        };

        ImmutableArray<SeparatedForm> FormsOf(string name) => [.. variants.Zip(costs).Select(pair => new SeparatedForm(
            pair.First.Rank,
            pair.Second[SeparationRewrite.DepthwiseName(name)],
            pair.Second[SeparationRewrite.PointwiseName(name)]))];
    }

    /// <summary>Makes the graph with separable convolutions in the place of standard ones.</summary>
    /// <param name="graph">The graph.</param>
    /// <param name="rank">How many separable convolutions are to add up to a standard one.</param>
    /// <returns>The graph; its new parameters have initialisers, and no numbers of the old ones.</returns>
    /// <exception cref="SepalException">The rank is less than 1, or so large that channels do not fit 32 bits.</exception>
    public static Graph Apply(Graph graph, int rank = 1)
    {
        ArgumentNullException.ThrowIfNull(graph);
        if (rank < 1)
        {
            throw new SepalException($"The rank is {rank}. Give a number of separable convolutions to add up, at least 1.");
        }

        try
        {
            return new SeparationRewrite(graph, rank).Apply();
        }
        catch (OverflowException exception)
        {
            throw new SepalException($"With rank {rank}, a depthwise step would have more channels than fit 32 bits. Use a smaller rank.", exception);
        }
    }
}
