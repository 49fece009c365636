using System.Collections.Immutable;
using Sepal.Graphs;
using Sepal.Operators;

namespace Sepal.Layers;

/// <summary>The mean over a sliding window, <c>(batch, height, width, channels)</c> to fewer rows and columns.</summary>
/// <param name="poolSize">The window's height and width.</param>
public sealed class AveragePooling2D(Size2D poolSize) : Layer
{
    /// <summary>A window of 2×2.</summary>
    public AveragePooling2D()
        : this(2)
    {
    }

    /// <summary>The window's height and width.</summary>
    public Size2D PoolSize { get; init; } = poolSize;

    /// <summary>Steps down and across; the window's size where not given.</summary>
    public Size2D? Strides { get; init; }

    /// <summary>How far the window reaches past the edge; padding does not count in the mean.</summary>
    public Padding2D Padding { get; init; } = Padding2D.Valid;

    /// <inheritdoc/>
    protected internal override Value Lower(LayerContext context, ImmutableArray<Value> inputs)
    {
        ArgumentNullException.ThrowIfNull(context);
        var pooling = new Pooling(PoolingFunction.Average, PoolSize) { Strides = Strides ?? PoolSize, Padding = Padding };
        return context.Add(pooling, [context.Single(inputs)]);
    }
}
