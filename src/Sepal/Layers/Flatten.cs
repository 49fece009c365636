using System.Collections.Immutable;
using Sepal.Graphs;

namespace Sepal.Layers;

/// <summary>Everything but the batch in one dimension, in storage order (height, width, channels).</summary>
public sealed class Flatten : Layer
{
    /// <inheritdoc/>
    protected internal override Value Lower(LayerContext context, ImmutableArray<Value> inputs)
    {
        ArgumentNullException.ThrowIfNull(context);
        return context.Add(new Operators.Flatten(), [context.Single(inputs)]);
    }
}
