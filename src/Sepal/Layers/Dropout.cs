using System.Collections.Immutable;
using Sepal.Graphs;

namespace Sepal.Layers;

/// <summary>In training, sets a random share of the elements to zero and scales the rest up; at inference, nothing.</summary>
/// <param name="rate">The share, at least 0 and below 1.</param>
public sealed class Dropout(float rate) : Layer
{
    /// <summary>The share of elements that are dropped.</summary>
    public float Rate { get; init; } = rate;

    /// <inheritdoc/>
    protected internal override Value Lower(LayerContext context, ImmutableArray<Value> inputs)
    {
        ArgumentNullException.ThrowIfNull(context);
        return context.Add(new Operators.Dropout(Rate), [context.Single(inputs)]);
    }
}
