using System.Collections.Immutable;
using Sepal.Graphs;
using Sepal.Operators;

namespace Sepal.Layers;

/// <summary>Rows and columns of zeros around an image.</summary>
/// <param name="padding">A number for all sides, or <see cref="Padding2D.Explicit"/>.</param>
public sealed class ZeroPadding2D(Padding2D padding) : Layer
{
    /// <summary>How many rows and columns.</summary>
    public Padding2D Padding { get; init; } = padding;

    /// <inheritdoc/>
    protected internal override Value Lower(LayerContext context, ImmutableArray<Value> inputs)
    {
        ArgumentNullException.ThrowIfNull(context);
        return context.Add(new ZeroPadding(Padding), [context.Single(inputs)]);
    }
}
