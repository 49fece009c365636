using System.Collections.Immutable;
using Sepal.Graphs;
using Sepal.Operators;

namespace Sepal.Layers;

/// <summary>The maximum of each channel over all rows and columns, <c>(batch, height, width, channels)</c> to <c>(batch, channels)</c>.</summary>
public sealed class GlobalMaxPooling2D : Layer
{
    /// <summary>Whether height and width stay, as 1 each.</summary>
    public bool KeepDimensions { get; init; }

    /// <inheritdoc/>
    protected internal override Value Lower(LayerContext context, ImmutableArray<Value> inputs)
    {
        ArgumentNullException.ThrowIfNull(context);
        return context.Add(new GlobalPooling(PoolingFunction.Maximum) { KeepDimensions = KeepDimensions }, [context.Single(inputs)]);
    }
}
