using System.Collections.Immutable;
using Sepal.Graphs;

namespace Sepal.Operators;

/// <summary>
/// Elements of a tensor, each at its own place but for one axis, where an index says: input 0 is the tensor, of any element type,
/// and input 1 the indices, 32 or 64-bit integers, with the output's shape. A negative index counts from the end; one outside the
/// axis fails the run. Counts no work but the bytes.
/// </summary>
/// <param name="Axis">The axis; negative counts from the end.</param>
public sealed record GatherElements(int Axis = 0) : Operator
{
    /// <inheritdoc/>
    public override ImmutableArray<TensorSpec> InferOutputs(OperatorCall call)
    {
        ArgumentNullException.ThrowIfNull(call);
        call.RequireCount(2, 2, "a tensor and indices");
        TensorSpec input = call.Inputs[0];
        TensorSpec indices = call.RequireIndices(1);
        int axis = call.RequireAxis(Axis, input.Rank);
        if (indices.Rank != input.Rank
            || Enumerable.Range(0, input.Rank).Any(index => index != axis && IsLarger(indices.Shape[index], input.Shape[index])))
        {
            throw call.Error(
                "the indices do not fit the tensor",
                $"Expected the tensor's rank, and no dimension but dimension {axis} larger than the tensor's.");
        }

        return [new TensorSpec(indices.Shape, input.ElementType)];
    }

    /// <inheritdoc/>
    public override OperatorCost Cost(OperatorCall call, ImmutableArray<TensorSpec> outputs) => CostOf(call, outputs, 0, 0);

    private static bool IsLarger(Dimension left, Dimension right) => left - right is { IsKnown: true, Value: > 0 };
}
