using System.Collections.Immutable;
using Sepal.Graphs;

namespace Sepal.Operators;

/// <summary>
/// The same elements in the same order under another shape; the batch stays. No work and no bytes: the tensor is not moved.
/// </summary>
/// <param name="TargetShape">The new shape without the batch; one dimension may be −1 and is computed.</param>
public sealed record Reshape(Shape TargetShape) : Operator
{
    /// <inheritdoc/>
    public override ImmutableArray<TensorSpec> InferOutputs(OperatorCall call)
    {
        ArgumentNullException.ThrowIfNull(call);
        call.RequireCount(1, 1, "a tensor");
        TensorSpec input = call.Inputs[0];
        if (input.Rank < 1)
        {
            throw call.Error("the input is a scalar", "Expected a batch dimension.");
        }

        Dimension available = input.Shape.WithoutBatch().ElementCount;
        int open = TargetShape.Count(dimension => dimension == -1);
        if (open > 1 || TargetShape.Any(dimension => dimension is { IsKnown: true, Value: < -1 or 0 }))
        {
            throw call.Error($"the target shape is {TargetShape}", "Every dimension must be positive, and at most one may be −1.");
        }

        Shape target = TargetShape;
        if (open == 1)
        {
            Dimension given = TargetShape.Aggregate(Dimension.FromInt64(1), (product, next) => next == -1 ? product : product * next);
            Dimension rest = Dimension.FloorDivide(available, given);
            target = new Shape([.. TargetShape.Select(dimension => dimension == -1 ? rest : dimension)]);
        }

        if (target.ElementCount != available)
        {
            throw call.Error(
                $"the target shape {TargetShape} does not hold {available} elements",
                "Choose dimensions whose product is the input's, the batch aside.");
        }

        return [new TensorSpec([input.Shape[0], .. target], input.ElementType)];
    }

    /// <inheritdoc/>
    public override OperatorCost Cost(OperatorCall call, ImmutableArray<TensorSpec> outputs) => new(0, 0, 0, 0);
}
