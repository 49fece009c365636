using System.Collections.Immutable;
using Sepal.Graphs;

namespace Sepal.Operators;

/// <summary>Tensors of one element type one after another along an axis. Counts no work but the bytes.</summary>
/// <param name="Axis">The axis, batch included; negative counts from the end, so that −1 is the channels.</param>
public sealed record Concatenate(int Axis = -1) : Operator
{
    /// <inheritdoc/>
    public override ImmutableArray<TensorSpec> InferOutputs(OperatorCall call)
    {
        ArgumentNullException.ThrowIfNull(call);
        call.RequireCount(1, int.MaxValue, "tensors");
        TensorSpec first = call.Inputs[0];
        int axis = call.RequireAxis(Axis, first.Rank);
        Dimension total = 0;
        foreach (TensorSpec input in call.Inputs)
        {
            if (input.Rank != first.Rank
                || input.Shape.Where((dimension, index) => index != axis && dimension != first.Shape[index]).Any())
            {
                throw call.Error("the shapes differ elsewhere than along the axis", $"All dimensions but dimension {axis} must be equal.");
            }

            if (input.ElementType != first.ElementType)
            {
                throw call.Error("the element types differ", "Cast the inputs to one type.");
            }

            total += input.Shape[axis];
        }

        return [first with { Shape = first.Shape.With(axis, total) }];
    }

    /// <inheritdoc/>
    public override OperatorCost Cost(OperatorCall call, ImmutableArray<TensorSpec> outputs) => CostOf(call, outputs, 0, 0);
}
