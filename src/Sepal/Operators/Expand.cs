using System.Collections.Immutable;
using Sepal.Graphs;

namespace Sepal.Operators;

/// <summary>
/// A tensor repeated along axes of 1, and along new axes in front, to a shape; any element type. Where the shape says 1 the
/// tensor's own dimension stays. Counts no work but the bytes.
/// </summary>
/// <param name="TargetShape">The shape; may hold symbols, and have fewer dimensions than the tensor.</param>
public sealed record Expand(Shape TargetShape) : Operator
{
    /// <inheritdoc/>
    public override ImmutableArray<TensorSpec> InferOutputs(OperatorCall call)
    {
        ArgumentNullException.ThrowIfNull(call);
        call.RequireCount(1, 1, "a tensor");
        TensorSpec input = call.Inputs[0];
        int rank = Math.Max(input.Rank, TargetShape.Rank);
        var dimensions = new Dimension[rank];
        for (int axis = 0; axis < rank; axis++)
        {
            Dimension own = axis < rank - input.Rank ? 1 : input.Shape[axis - rank + input.Rank];
            Dimension wanted = axis < rank - TargetShape.Rank ? 1 : TargetShape[axis - rank + TargetShape.Rank];
            if (wanted is { IsKnown: true, Value: < 0 } || (own != 1 && wanted != 1 && own != wanted))
            {
                throw call.Error(
                    $"dimension {axis} is {own}, and the target shape {TargetShape} asks for {wanted}",
                    "Only a dimension of 1 can be repeated.");
            }

            dimensions[axis] = own == 1 ? wanted : own;
        }

        return [new TensorSpec(new Shape(dimensions), input.ElementType)];
    }

    /// <inheritdoc/>
    public override OperatorCost Cost(OperatorCall call, ImmutableArray<TensorSpec> outputs) => CostOf(call, outputs, 0, 0);
}
