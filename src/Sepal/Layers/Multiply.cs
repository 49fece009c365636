using System.Collections.Immutable;
using Sepal.Graphs;
using Sepal.Operators;

namespace Sepal.Layers;

/// <summary>The product of two or more inputs, element by element; dimensions of 1 are repeated.</summary>
public sealed class Multiply : Layer
{
    /// <inheritdoc/>
    protected internal override Value Lower(LayerContext context, ImmutableArray<Value> inputs)
    {
        ArgumentNullException.ThrowIfNull(context);
        return Merge.Lower(context, BinaryFunction.Multiply, inputs);
    }
}
