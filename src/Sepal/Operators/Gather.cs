using System.Collections.Immutable;
using Sepal.Graphs;

namespace Sepal.Operators;

/// <summary>
/// Slices of a tensor along an axis, picked by indices: input 0 is the tensor, of any element type, and input 1 the indices, 32 or
/// 64-bit integers of any rank, whose shape takes the axis's place. A negative index counts from the end; one outside the axis
/// fails the run. Counts no work but the bytes.
/// </summary>
/// <param name="Axis">The axis; negative counts from the end.</param>
public sealed record Gather(int Axis = 0) : Operator
{
    /// <inheritdoc/>
    public override ImmutableArray<TensorSpec> InferOutputs(OperatorCall call)
    {
        ArgumentNullException.ThrowIfNull(call);
        call.RequireCount(2, 2, "a tensor and indices");
        TensorSpec input = call.Inputs[0];
        TensorSpec indices = call.RequireIndices(1);
        int axis = call.RequireAxis(Axis, input.Rank);
        return [new TensorSpec(
            [.. input.Shape.Take(axis), .. indices.Shape, .. input.Shape.Skip(axis + 1)], input.ElementType)];
    }

    /// <inheritdoc/>
    public override OperatorCost Cost(OperatorCall call, ImmutableArray<TensorSpec> outputs) => CostOf(call, outputs, 0, 0);
}
