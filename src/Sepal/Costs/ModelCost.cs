using System.Collections.Immutable;
using Sepal.Graphs;

namespace Sepal.Costs;

/// <summary>
/// What a model costs, node by node, layer by layer and in all. Every count of a layer is the sum of its nodes', and
/// every count of the model the sum of its layers'.
/// </summary>
public sealed record ModelCost : CostCounts
{
    /// <summary>Images in the batch that is counted for.</summary>
    public required int Batch { get; init; }

    /// <summary>The nodes, in graph order.</summary>
    public required ImmutableArray<NodeCost> Nodes { get; init; }

    /// <summary>The layers, in the order of their first nodes.</summary>
    public required ImmutableArray<LayerCost> Layers { get; init; }

    /// <summary>The nodes whose work is unknown; what they take is missing in the sums.</summary>
    public IEnumerable<NodeCost> UncountedNodes => Nodes.Where(node => !node.IsCounted);

    /// <summary>All parameters of convolutions, biases included, in elements.</summary>
    public required long ConvolutionParameters { get; init; }

    /// <summary>MACs of convolutions alone.</summary>
    public required long ConvolutionMultiplyAccumulates { get; init; }

    /// <summary>Counts a graph, from shapes alone: nothing is computed and no parameter is made.</summary>
    /// <param name="graph">The graph.</param>
    /// <param name="batch">Images in a batch, at least 1. Parameters do not depend on it.</param>
    /// <param name="symbols">Values for open dimensions other than the batch, by symbol name.</param>
    /// <returns>The counts.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The batch is not positive.</exception>
    /// <exception cref="SepalException">A dimension is open, or a count does not fit 64 bits.</exception>
    public static ModelCost Of(Graph graph, int batch = 1, IReadOnlyDictionary<string, long>? symbols = null)
    {
        ArgumentNullException.ThrowIfNull(graph);
        ArgumentOutOfRangeException.ThrowIfLessThan(batch, 1);
        return new GraphCounter(graph, batch, symbols).Count();
    }

    /// <summary>One of the counts.</summary>
    /// <param name="measure">Which.</param>
    /// <returns>Parameters in elements, or MACs for the whole batch.</returns>
    public long this[CostMeasure measure] => measure switch
    {
        CostMeasure.Parameters => TotalParameters,
        CostMeasure.MultiplyAccumulates => MultiplyAccumulates,
        CostMeasure.ConvolutionParameters => ConvolutionParameters,
        CostMeasure.ConvolutionMultiplyAccumulates => ConvolutionMultiplyAccumulates,
        _ => throw new ArgumentOutOfRangeException(nameof(measure), measure, "There is no such measure."),
    };
}
