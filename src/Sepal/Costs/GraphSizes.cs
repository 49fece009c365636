using System.Collections.Immutable;
using Sepal.Graphs;
using Sepal.Inference;
using Sepal.Operators;

namespace Sepal.Costs;

/// <summary>The sizes of a graph's values, with its open dimensions as they were given.</summary>
internal sealed class GraphSizes(CostOptions options)
{
    private readonly Dictionary<string, long> _symbols = new(options.Symbols ?? ImmutableDictionary<string, long>.Empty)
    {
        [Dimension.Batch.ToString()] = options.Batch,
    };

    /// <summary>Refuses sizes from which some node would make less than nothing: counts of them would be negative.</summary>
    /// <exception cref="SepalException">Names the node, what was given, and the least sizes that would do.</exception>
    public void Require(Graph graph) => new InputSizes(
        [.. graph.Inputs.Select(TensorInfo.Of)],
        [.. graph.Inputs.Select(input => Resolve(input.Spec).Shape)]).Require(graph, _symbols);

    /// <summary>A value's shape in numbers.</summary>
    public TensorSpec Resolve(TensorSpec spec) => spec with { Shape = spec.Shape.Resolve(_symbols) };

    /// <summary>Counts in numbers: a fused operator's are those of nodes whose shapes are still open.</summary>
    public OperatorCost Resolve(OperatorCost cost) => new(
        cost.MultiplyAccumulates.Evaluate(_symbols),
        cost.ElementOperations.Evaluate(_symbols),
        cost.BytesRead.Evaluate(_symbols),
        cost.BytesWritten.Evaluate(_symbols));

    /// <summary>A value's elements.</summary>
    public long Elements(Value value) => value.Shape.ElementCount.Evaluate(_symbols);

    /// <summary>A value's bytes.</summary>
    public long Bytes(Value value) => value.Spec.ByteCount.Evaluate(_symbols);
}
