using System.Collections.Immutable;
using Sepal.Graphs;

namespace Sepal.Operators;

/// <summary>Which element's position is wanted.</summary>
public enum ExtremumFunction
{
    /// <summary>The largest element's.</summary>
    Maximum,

    /// <summary>The smallest element's.</summary>
    Minimum,
}

/// <summary>
/// The position of the largest or smallest element along an axis, as 64-bit integers. Element operations: one an input
/// element. It has no gradient.
/// </summary>
/// <param name="Function">Largest or smallest.</param>
/// <param name="Axis">The axis, batch included; negative counts from the end.</param>
public sealed record ArgExtremum(ExtremumFunction Function, int Axis = -1) : Operator
{
    /// <summary>Whether the axis stays, as 1, rather than goes.</summary>
    public bool KeepDimensions { get; init; }

    /// <summary>Whether of equal elements the last one's position is given, rather than the first one's.</summary>
    public bool SelectLastIndex { get; init; }

    /// <inheritdoc/>
    public override string Name => Function == ExtremumFunction.Maximum ? "ArgMax" : "ArgMin";

    /// <inheritdoc/>
    public override ImmutableArray<TensorSpec> InferOutputs(OperatorCall call)
    {
        ArgumentNullException.ThrowIfNull(call);
        call.RequireCount(1, 1, "a tensor");
        TensorSpec input = call.Inputs[0];
        int axis = call.RequireAxis(Axis, input.Rank);
        if (input.Shape[axis] == 0)
        {
            throw call.Error("there is no element along the axis", "Give a tensor with at least one.");
        }

        Shape shape = KeepDimensions
            ? [.. input.Shape.Select((dimension, index) => index == axis ? 1 : dimension)]
            : [.. input.Shape.Where((_, index) => index != axis)];
        return [new TensorSpec(shape, ElementType.Int64)];
    }

    /// <inheritdoc/>
    public override OperatorCost Cost(OperatorCall call, ImmutableArray<TensorSpec> outputs)
    {
        ArgumentNullException.ThrowIfNull(call);
        return CostOf(call, outputs, 0, call.Inputs[0].Shape.ElementCount);
    }
}
