using System.Collections.Immutable;
using Sepal.Graphs;

namespace Sepal.Layers;

/// <summary><c>x·scale + offset</c>, for inputs that are not scaled elsewhere: <c>new Rescaling(1f / 255)</c>.</summary>
/// <param name="scale">The factor.</param>
/// <param name="offset">The summand.</param>
public sealed class Rescaling(float scale, float offset = 0) : Layer
{
    /// <summary>The factor.</summary>
    public float Scale { get; init; } = scale;

    /// <summary>The summand.</summary>
    public float Offset { get; init; } = offset;

    /// <inheritdoc/>
    protected internal override Value Lower(LayerContext context, ImmutableArray<Value> inputs)
    {
        ArgumentNullException.ThrowIfNull(context);
        return context.Add(new Operators.Rescaling(Scale, Offset), [context.Single(inputs)]);
    }
}
