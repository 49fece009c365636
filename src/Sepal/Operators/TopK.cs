using System.Collections.Immutable;
using Sepal.Graphs;

namespace Sepal.Operators;

/// <summary>
/// The largest or smallest elements along an axis: their values, and their positions as 64-bit integers. Of equal elements
/// the one that comes first counts as further ahead. Element operations: one an input element. It has no gradient.
/// </summary>
/// <param name="Count">How many.</param>
/// <param name="Axis">The axis, batch included; negative counts from the end.</param>
public sealed record TopK(int Count, int Axis = -1) : Operator
{
    /// <summary>Whether the largest are taken, rather than the smallest.</summary>
    public bool Largest { get; init; } = true;

    /// <summary>Whether they come in order, the most extreme first; otherwise in the order in which they lie.</summary>
    public bool Sorted { get; init; } = true;

    /// <inheritdoc/>
    public override ImmutableArray<TensorSpec> InferOutputs(OperatorCall call)
    {
        ArgumentNullException.ThrowIfNull(call);
        call.RequireCount(1, 1, "a tensor");
        TensorSpec input = call.Inputs[0];
        int axis = call.RequireAxis(Axis, input.Rank);
        if (Count < 0 || (input.Shape[axis] is { IsKnown: true } extent && extent.Value < Count))
        {
            throw call.Error(
                $"{Count} elements are to be taken of {input.Shape[axis]}", "Take at least 0 and at most as many as there are.");
        }

        Shape shape = [.. input.Shape.Select((dimension, index) => index == axis ? Count : dimension)];
        return [input with { Shape = shape }, new TensorSpec(shape, ElementType.Int64)];
    }

    /// <inheritdoc/>
    public override OperatorCost Cost(OperatorCall call, ImmutableArray<TensorSpec> outputs)
    {
        ArgumentNullException.ThrowIfNull(call);
        return CostOf(call, outputs, 0, call.Inputs[0].Shape.ElementCount);
    }
}
