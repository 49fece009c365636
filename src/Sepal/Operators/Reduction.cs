using System.Collections.Immutable;
using Sepal.Graphs;

namespace Sepal.Operators;

/// <summary>What becomes of the elements along the reduced axes.</summary>
public enum ReductionFunction
{
    /// <summary>Their mean; of integers it is cut off towards zero.</summary>
    Mean,

    /// <summary>Their sum.</summary>
    Sum,

    /// <summary>The largest.</summary>
    Maximum,

    /// <summary>The smallest.</summary>
    Minimum,

    /// <summary>Their product.</summary>
    Product,

    /// <summary>The sum of their absolute values.</summary>
    L1,

    /// <summary>The square root of the sum of their squares.</summary>
    L2,

    /// <summary>The sum of their squares.</summary>
    SumOfSquares,

    /// <summary>The natural logarithm of their sum.</summary>
    LogSum,

    /// <summary><c>ln Σ e^x</c>, as <c>max + ln Σ e^(x − max)</c>, which does not overflow.</summary>
    LogSumExp,
}

/// <summary>
/// Reduces a tensor over some of its axes. Floats take every function; integers all but L2, LogSum and LogSumExp, summing in
/// 64 bits and wrapping at the end; Booleans the maximum (any) and the minimum (all). Mean and sum have gradients. Element
/// operations: one an input element, four (maximum, difference, exponential, sum) for LogSumExp.
/// </summary>
/// <param name="Function">Which.</param>
/// <param name="Axes">The axes to reduce, batch included; negative ones count from the end, and none stands for all.</param>
public sealed record Reduction(ReductionFunction Function, ImmutableArray<int> Axes) : Operator
{
    /// <summary>Whether reduced axes stay, as 1 each, rather than go.</summary>
    public bool KeepDimensions { get; init; }

    /// <inheritdoc/>
    public override string Name => $"Reduce{Function}";

    /// <inheritdoc/>
    public override ImmutableArray<TensorSpec> InferOutputs(OperatorCall call)
    {
        ArgumentNullException.ThrowIfNull(call);
        call.RequireCount(1, 1, "a tensor");
        TensorSpec input = call.Inputs[0];
        bool fits = input.ElementType switch
        {
            ElementType.Float32 => true,
            ElementType.Boolean => Function is ReductionFunction.Maximum or ReductionFunction.Minimum,
            _ => Function is not (ReductionFunction.L2 or ReductionFunction.LogSum or ReductionFunction.LogSumExp),
        };
        if (!fits)
        {
            throw call.Error($"it does not apply to {input.ElementType}", "Cast to Float32 first.");
        }

        bool[] reduced = AxisList.Mask(call, Axes, input.Rank);
        Shape shape = KeepDimensions
            ? [.. input.Shape.Select((dimension, axis) => reduced[axis] ? 1 : dimension)]
            : [.. input.Shape.Where((_, axis) => !reduced[axis])];
        return [KeepDimensions ? input with { Shape = shape } : new TensorSpec(shape, input.ElementType)];
    }

    /// <inheritdoc/>
    public override OperatorCost Cost(OperatorCall call, ImmutableArray<TensorSpec> outputs)
    {
        ArgumentNullException.ThrowIfNull(call);
        return CostOf(call, outputs, 0, call.Inputs[0].Shape.ElementCount * (Function == ReductionFunction.LogSumExp ? 4 : 1));
    }

    /// <summary>Whether both reduce the same axes, written the same way, by the same function.</summary>
    /// <param name="other">The other.</param>
    /// <returns>True if so.</returns>
    public bool Equals(Reduction? other) =>
        other is not null && Function == other.Function && KeepDimensions == other.KeepDimensions && Axes.SequenceEqual(other.Axes);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Function, KeepDimensions, Axes.Length);
}
