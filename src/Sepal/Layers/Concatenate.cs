using System.Collections.Immutable;
using Sepal.Graphs;

namespace Sepal.Layers;

/// <summary>Inputs one after another along an axis; by default the channels.</summary>
public sealed class Concatenate : Layer
{
    /// <summary>The axis, batch included; negative counts from the end.</summary>
    public int Axis { get; init; } = -1;

    /// <inheritdoc/>
    protected internal override Value Lower(LayerContext context, ImmutableArray<Value> inputs)
    {
        ArgumentNullException.ThrowIfNull(context);
        return context.Add(new Operators.Concatenate(Axis), inputs);
    }
}
