using System.Collections.Immutable;
using Sepal.Graphs;

namespace Sepal.Operators;

/// <summary>What is put around a tensor.</summary>
public enum PadMode
{
    /// <summary>One value.</summary>
    Constant,

    /// <summary>The tensor mirrored at its first and last element, which are not repeated.</summary>
    Reflect,

    /// <summary>The nearest element of the tensor.</summary>
    Edge,

    /// <summary>The tensor again, from its other end.</summary>
    Wrap,
}

/// <summary>
/// A tensor with more elements before and after it along every axis; negative numbers crop. Any element type. Input 0 is the
/// tensor; input 1, for <see cref="PadMode.Constant"/> only, is the value, of the tensor's type, 0 where it is missing. Counts no
/// work but the bytes.
/// </summary>
/// <param name="Mode">What is put there.</param>
/// <param name="Before">How many elements before, along each axis.</param>
/// <param name="After">How many elements after, along each axis.</param>
public sealed record Pad(PadMode Mode, ImmutableArray<long> Before, ImmutableArray<long> After) : Operator
{
    /// <summary>More than this in one direction is a mistake, or an attack.</summary>
    private const long Largest = int.MaxValue;

    /// <inheritdoc/>
    public override ImmutableArray<TensorSpec> InferOutputs(OperatorCall call)
    {
        ArgumentNullException.ThrowIfNull(call);
        call.RequireCount(1, Mode == PadMode.Constant ? 2 : 1, "a tensor and, in constant mode, a value");
        TensorSpec input = call.Inputs[0];
        if (Before.Length != input.Rank || After.Length != input.Rank || Before.Concat(After).Any(count => Math.Abs((decimal)count) > Largest))
        {
            throw call.Error(
                $"the padding is [{string.Join(", ", Before)}] before and [{string.Join(", ", After)}] after",
                $"Expected {input.Rank} 32-bit numbers of each, one for each axis.");
        }

        if (call.Inputs.Length == 2 && (call.Inputs[1].ElementType != input.ElementType || call.Inputs[1].Shape.ElementCount != 1))
        {
            throw call.Error("the value is no single element of the tensor's type", $"Expected one {input.ElementType}.");
        }

        var dimensions = new Dimension[input.Rank];
        for (int axis = 0; axis < input.Rank; axis++)
        {
            dimensions[axis] = input.Shape[axis] + Before[axis] + After[axis];
            if (dimensions[axis] is { IsKnown: true, Value: < 0 })
            {
                throw call.Error($"cropping leaves {dimensions[axis]} of dimension {axis}", "Crop less.");
            }

            if (Mode != PadMode.Constant && input.Shape[axis] == 0 && dimensions[axis] != 0)
            {
                throw call.Error($"dimension {axis} is empty", $"Padding in {Mode} mode needs an element to repeat.");
            }
        }

        return [input with { Shape = new Shape(dimensions) }];
    }

    /// <inheritdoc/>
    public override OperatorCost Cost(OperatorCall call, ImmutableArray<TensorSpec> outputs) => CostOf(call, outputs, 0, 0);
}
