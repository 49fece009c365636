using System.Collections.Immutable;
using Sepal.Graphs;

namespace Sepal.Layers;

/// <summary>The same elements under another shape; the batch stays.</summary>
/// <param name="targetShape">The new shape without the batch; one dimension may be −1 and is computed.</param>
public sealed class Reshape(params Dimension[] targetShape) : Layer
{
    /// <summary>The new shape without the batch.</summary>
    public Shape TargetShape { get; } = new(targetShape);

    /// <inheritdoc/>
    protected internal override Value Lower(LayerContext context, ImmutableArray<Value> inputs)
    {
        ArgumentNullException.ThrowIfNull(context);
        return context.Add(new Operators.Reshape(TargetShape), [context.Single(inputs)]);
    }
}
