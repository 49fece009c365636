using System.Collections.Immutable;
using Sepal.Graphs;

namespace Sepal.Operators;

/// <summary>
/// Every step-th element from a start to before an end, along some axes; any element type. Starts and ends count from the end
/// where negative, and are clamped to the axis. Counts no work but the bytes.
/// </summary>
/// <remarks>
/// Along an axis that is open, bounds are taken to lie within it, since their order is not known yet; when sizes are given that
/// make them lie elsewhere, making the plan fails. A bound that is a symbol is taken not to be negative.
/// </remarks>
/// <param name="Starts">The first position along each of <paramref name="Axes"/>; may hold symbols.</param>
/// <param name="Ends">
/// The position before which to stop; <see cref="long.MaxValue"/> is past the end, and <see cref="long.MinValue"/> before the first
/// element, for steps that are negative.
/// </param>
/// <param name="Axes">The axes, each at most once; negative counts from the end.</param>
/// <param name="Steps">The distance from one element to the next; negative walks backwards, 0 is refused.</param>
public sealed record Slice(
    ImmutableArray<Dimension> Starts, ImmutableArray<Dimension> Ends, ImmutableArray<int> Axes, ImmutableArray<long> Steps) : Operator
{
    /// <inheritdoc/>
    public override ImmutableArray<TensorSpec> InferOutputs(OperatorCall call)
    {
        ArgumentNullException.ThrowIfNull(call);
        call.RequireCount(1, 1, "a tensor");
        TensorSpec input = call.Inputs[0];
        int count = Axes.Length;
        if (Starts.Length != count || Ends.Length != count || Steps.Length != count)
        {
            throw call.Error(
                $"it has {Starts.Length} starts, {Ends.Length} ends, {count} axes and {Steps.Length} steps", "Give as many of each.");
        }

        Dimension[] dimensions = [.. input.Shape];
        var seen = new HashSet<int>();
        for (int index = 0; index < count; index++)
        {
            int axis = call.RequireAxis(Axes[index], input.Rank);
            if (!seen.Add(axis))
            {
                throw call.Error($"axis {axis} is sliced twice", "Name each axis once.");
            }

            if (Steps[index] is 0 or < -int.MaxValue or > int.MaxValue)
            {
                throw call.Error($"the step along axis {axis} is {Steps[index]}", "Give a 32-bit step other than 0.");
            }

            dimensions[axis] = new SliceRange(Starts[index], Ends[index], Steps[index]).Length(input.Shape[axis]);
        }

        return [input with { Shape = new Shape(dimensions) }];
    }

    /// <inheritdoc/>
    public override OperatorCost Cost(OperatorCall call, ImmutableArray<TensorSpec> outputs) => CostOf(call, outputs, 0, 0);
}
