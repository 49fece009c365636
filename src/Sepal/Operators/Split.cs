using System.Collections.Immutable;
using Sepal.Graphs;

namespace Sepal.Operators;

/// <summary>A tensor cut into several along an axis; the opposite of <see cref="Concatenate"/>. Any element type. Counts no work but the bytes.</summary>
/// <param name="Axis">The axis, batch included; negative counts from the end.</param>
/// <param name="Sizes">The extent of each output along the axis; may hold symbols. Together they are the input's.</param>
public sealed record Split(int Axis, ImmutableArray<Dimension> Sizes) : Operator
{
    /// <inheritdoc/>
    public override ImmutableArray<TensorSpec> InferOutputs(OperatorCall call)
    {
        ArgumentNullException.ThrowIfNull(call);
        call.RequireCount(1, 1, "a tensor");
        TensorSpec input = call.Inputs[0];
        int axis = call.RequireAxis(Axis, input.Rank);
        Dimension total = Sizes.Aggregate(Dimension.FromInt64(0), (sum, size) => sum + size);
        if (Sizes.IsEmpty || Sizes.Any(size => size is { IsKnown: true, Value: < 0 }) || total != input.Shape[axis])
        {
            throw call.Error(
                $"the sizes [{string.Join(", ", Sizes)}] do not make up the {input.Shape[axis]} of dimension {axis}",
                "Give sizes of at least 0 whose sum is the dimension.");
        }

        return [.. Sizes.Select(size => input with { Shape = input.Shape.With(axis, size) })];
    }

    /// <inheritdoc/>
    public override OperatorCost Cost(OperatorCall call, ImmutableArray<TensorSpec> outputs) => CostOf(call, outputs, 0, 0);
}
