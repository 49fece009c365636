using System.Collections.Immutable;
using Sepal.Graphs;
using Sepal.Operators;

namespace Sepal.Layers;

/// <summary>An activation as a layer of its own; the shape stays.</summary>
/// <param name="function">One of <see cref="Activations"/>.</param>
public sealed class Activation(IActivation function) : Layer
{
    /// <summary>What is applied.</summary>
    public IActivation Function { get; init; } = function;

    /// <inheritdoc/>
    protected internal override Value Lower(LayerContext context, ImmutableArray<Value> inputs)
    {
        ArgumentNullException.ThrowIfNull(context);
        return Function is Operator @operator
            ? context.Add(@operator, [context.Single(inputs)])
            : throw context.Error($"the activation {Function?.Name} is not an operator of Sepal", "Take one of Activations.");
    }
}
