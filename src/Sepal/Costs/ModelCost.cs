using System.Collections.Immutable;
using Sepal.Graphs;

namespace Sepal.Costs;

/// <summary>
/// What a model costs, node by node, layer by layer and in all. Every count of a layer is the sum of its nodes', and
/// every count of the model the sum of its layers'.
/// </summary>
public sealed record ModelCost : CostCounts
{
    internal ModelCost(ImmutableArray<NodeCost> nodes, ImmutableArray<LayerCost> layers)
        : base(nodes)
    {
        Nodes = nodes;
        Layers = layers;
        Categories =
        [
            .. Enum.GetValues<NodeCategory>()
                .Select(category => new CategoryCost(category, [.. nodes.Where(node => node.Category == category)])),
        ];
    }

    /// <summary>What was counted for, and by which rules.</summary>
    public required CostOptions Options { get; init; }

    /// <summary>Images in the batch that is counted for.</summary>
    public int Batch => Options.Batch;

    /// <summary>The nodes, in graph order.</summary>
    public ImmutableArray<NodeCost> Nodes { get; }

    /// <summary>The layers, in the order of their first nodes.</summary>
    public ImmutableArray<LayerCost> Layers { get; }

    /// <summary>The sums by category, all five in the order of <see cref="NodeCategory"/>, also those without nodes.</summary>
    public ImmutableArray<CategoryCost> Categories { get; }

    /// <summary>The most memory that it takes at once.</summary>
    public required MemoryCost Memory { get; init; }

    /// <summary>What its numbers take when stored.</summary>
    public required DiskSize Disk { get; init; }

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
        return Of(graph, new CostOptions { Batch = batch, Symbols = symbols });
    }

    /// <summary>Counts a graph, from shapes alone: nothing is computed and no parameter is made.</summary>
    /// <param name="graph">The graph.</param>
    /// <param name="options">What is counted for, and by which rules.</param>
    /// <returns>The counts.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The batch is not positive, or there are less than no optimizer states.</exception>
    /// <exception cref="SepalException">
    /// A dimension is open, a size is one that the graph cannot take, or a count does not fit 64 bits.
    /// </exception>
    public static ModelCost Of(Graph graph, CostOptions options)
    {
        ArgumentNullException.ThrowIfNull(graph);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentOutOfRangeException.ThrowIfLessThan(options.Batch, 1, nameof(options));
        ArgumentOutOfRangeException.ThrowIfNegative(options.OptimizerStates, nameof(options));
        return new GraphCounter(graph, options).Count();
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
