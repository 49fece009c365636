using System.Collections.Immutable;
using Sepal.Graphs;

namespace Sepal.Layers;

/// <summary>
/// An input cut into equal parts along an axis, by default the channels; the opposite of <see cref="Concatenate"/>. Take its
/// outputs with <see cref="Layer.ApplyAll"/>: <c>var parts = new Split(2).ApplyAll(features);</c>.
/// </summary>
/// <remarks>PyTorch's <c>torch.chunk</c>, Keras's <c>ops.split</c>.</remarks>
/// <param name="parts">How many parts; they must divide the axis.</param>
public sealed class Split(int parts) : Layer
{
    /// <summary>How many parts.</summary>
    public int Parts { get; init; } = parts;

    /// <summary>The axis, batch included; negative counts from the end.</summary>
    public int Axis { get; init; } = -1;

    /// <inheritdoc/>
    public override int OutputCount => Parts;

    /// <inheritdoc/>
    protected internal override Value Lower(LayerContext context, ImmutableArray<Value> inputs) => LowerAll(context, inputs)[0];

    /// <inheritdoc/>
    protected internal override ImmutableArray<Value> LowerAll(LayerContext context, ImmutableArray<Value> inputs)
    {
        ArgumentNullException.ThrowIfNull(context);
        Value input = context.Single(inputs);
        int rank = input.Spec.Rank;
        int axis = Axis < 0 ? Axis + rank : Axis;
        if (axis < 1 || axis >= rank)
        {
            throw context.Error($"the axis is {Axis}, and the input {input.Spec.Describe()}", "Give an axis of the input other than the batch.");
        }

        Dimension extent = input.Shape[axis];
        if (Parts < 1 || !extent.IsKnown || extent.Value % Parts != 0)
        {
            throw context.Error(
                $"it is to cut the {extent} of axis {axis} into {Parts} equal parts", "Give a number of parts that divides the axis.");
        }

        return context.AddAll(new Operators.Split(axis, [.. Enumerable.Repeat<Dimension>(extent.Value / Parts, Parts)]), [input]);
    }
}
