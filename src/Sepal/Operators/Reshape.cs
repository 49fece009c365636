using System.Collections.Immutable;
using Sepal.Graphs;

namespace Sepal.Operators;

/// <summary>
/// The same elements in the same order under another shape; any element type. No work and no bytes: the tensor is not moved.
/// </summary>
/// <param name="TargetShape">
/// The new shape, without the batch if <see cref="KeepsBatch"/>; one dimension may be −1 and is computed. May hold symbols.
/// </param>
public sealed record Reshape(Shape TargetShape) : Operator
{
    /// <summary>Whether the first dimension stays and <see cref="TargetShape"/> is the rest, or is the whole shape.</summary>
    public bool KeepsBatch { get; init; } = true;

    /// <inheritdoc/>
    public override ImmutableArray<TensorSpec> InferOutputs(OperatorCall call)
    {
        ArgumentNullException.ThrowIfNull(call);
        call.RequireCount(1, 1, "a tensor");
        TensorSpec input = call.Inputs[0];
        if (KeepsBatch && input.Rank < 1)
        {
            throw call.Error("the input is a scalar", "Expected a batch dimension.");
        }

        int open = TargetShape.Count(dimension => dimension == -1);
        if (open > 1 || TargetShape.Any(dimension => dimension is { IsKnown: true, Value: < -1 or 0 } && (KeepsBatch || dimension != 0)))
        {
            throw call.Error(
                $"the target shape is {TargetShape}",
                $"Every dimension must be {(KeepsBatch ? "positive" : "at least 0")}, and at most one may be −1.");
        }

        Dimension available = (KeepsBatch ? input.Shape.WithoutBatch() : input.Shape).ElementCount;
        Shape target = open == 1 ? Complete(call, available) : TargetShape;

        // Sums and quotients of symbols can be equal without looking so: what cannot be told here is seen when the plan is made.
        bool isDecided = KeepsBatch || (target.ElementCount.IsKnown && available.IsKnown);
        if (isDecided && target.ElementCount != available)
        {
            throw call.Error(
                $"the target shape {TargetShape} does not hold {available} elements",
                $"Choose dimensions whose product is the input's{(KeepsBatch ? ", the batch aside" : string.Empty)}.");
        }

        return [new TensorSpec(KeepsBatch ? [input.Shape[0], .. target] : target, input.ElementType)];
    }

    /// <inheritdoc/>
    public override OperatorCost Cost(OperatorCall call, ImmutableArray<TensorSpec> outputs) => new(0, 0, 0, 0);

    /// <summary>The target with its −1 replaced by what is left of the elements.</summary>
    private Shape Complete(OperatorCall call, Dimension available)
    {
        Dimension given = TargetShape.Aggregate(Dimension.FromInt64(1), (product, next) => next == -1 ? product : product * next);
        if (given == 0)
        {
            throw call.Error($"the target shape {TargetShape} leaves −1 undecided", "Give every dimension where one of them is 0.");
        }

        Dimension rest = Dimension.FloorDivide(available, given);
        return new Shape([.. TargetShape.Select(dimension => dimension == -1 ? rest : dimension)]);
    }
}
