using System.Collections.Immutable;
using Sepal.Graphs;

namespace Sepal.Layers;

/// <summary>Where data enter a model. The batch is added in front.</summary>
/// <param name="shape">The shape of one example, for example 28, 28, 1: height, width, channels.</param>
public sealed class Input(params Dimension[] shape) : Layer
{
    /// <summary>The shape of one example, without the batch.</summary>
    public Shape Shape { get; } = new(shape);

    /// <summary>An input used in the functional form.</summary>
    /// <param name="input">The input.</param>
    public static implicit operator LayerOutput(Input input) => FromInput(input);

    /// <summary>An input used in the functional form; the same input gives the same output.</summary>
    /// <param name="input">The input.</param>
    /// <returns>Its output.</returns>
    public static LayerOutput FromInput(Input input)
    {
        ArgumentNullException.ThrowIfNull(input);
        return input._output ??= new LayerOutput(input, []);
    }

    private LayerOutput? _output;

    /// <inheritdoc/>
    protected internal override Value Lower(LayerContext context, ImmutableArray<Value> inputs)
    {
        ArgumentNullException.ThrowIfNull(context);
        throw context.Error("an input cannot be applied to anything", "Start a model with it.");
    }
}
