using System.Collections.Immutable;
using Sepal.Graphs;

namespace Sepal.Operators;

/// <summary>The same elements with the axes in another order; any rank and element type. Counts no work but the bytes.</summary>
/// <param name="Permutation">For each axis of the output, the axis of the input that it is.</param>
/// <remarks>NHWC to NCHW is <c>[0, 3, 1, 2]</c>, and back is <c>[0, 2, 3, 1]</c>.</remarks>
public sealed record Transpose(ImmutableArray<int> Permutation) : Operator
{
    /// <inheritdoc/>
    public override ImmutableArray<TensorSpec> InferOutputs(OperatorCall call)
    {
        ArgumentNullException.ThrowIfNull(call);
        call.RequireCount(1, 1, "a tensor");
        TensorSpec input = call.Inputs[0];
        if (!Permutation.Order().SequenceEqual(Enumerable.Range(0, input.Rank)))
        {
            throw call.Error(
                $"the permutation is [{string.Join(", ", Permutation)}]",
                $"Expected each axis from 0 to {input.Rank - 1} once.");
        }

        return [new TensorSpec([.. Permutation.Select(axis => input.Shape[axis])], input.ElementType)];
    }

    /// <inheritdoc/>
    public override OperatorCost Cost(OperatorCall call, ImmutableArray<TensorSpec> outputs) => CostOf(call, outputs, 0, 0);
}
