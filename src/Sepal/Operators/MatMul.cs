using System.Collections.Immutable;
using Sepal.Graphs;

namespace Sepal.Operators;

/// <summary>
/// The matrix product <c>[…, M, K] · […, K, N]</c>, as NumPy has it: the dimensions before the last two are broadcast; a left
/// operand of one dimension is a row, a right one a column, and that dimension is missing in the result. MACs: K × output
/// elements.
/// </summary>
public sealed record MatMul : Operator
{
    /// <inheritdoc/>
    public override ImmutableArray<TensorSpec> InferOutputs(OperatorCall call)
    {
        ArgumentNullException.ThrowIfNull(call);
        call.RequireCount(2, 2, "two matrices");
        call.RequireFloat(0);
        call.RequireFloat(1);
        Shape left = call.Inputs[0].Shape;
        Shape right = call.Inputs[1].Shape;
        if (left.Rank == 0 || right.Rank == 0)
        {
            throw call.Error("an operand is a scalar", "Give matrices, or multiply element by element.");
        }

        Dimension terms = right.Rank == 1 ? right[0] : right[^2];
        if (left[^1] != terms)
        {
            throw call.Error(
                $"the left operand has {left[^1]} columns and the right one {terms} rows", "The two must be the same number.");
        }

        Shape batch = Broadcasting.CommonShape(call, [Batch(left), Batch(right)]);
        return [new TensorSpec([
            .. batch,
            .. left.Rank > 1 ? new[] { left[^2] } : [],
            .. right.Rank > 1 ? new[] { right[^1] } : []])];
    }

    /// <inheritdoc/>
    public override OperatorCost Cost(OperatorCall call, ImmutableArray<TensorSpec> outputs)
    {
        ArgumentNullException.ThrowIfNull(call);
        return CostOf(call, outputs, outputs[0].Shape.ElementCount * call.Inputs[0].Channels, 0);
    }

    private static Shape Batch(Shape shape) => [.. shape.Take(Math.Max(shape.Rank - 2, 0))];
}
