using System.Collections.Immutable;
using Sepal.Graphs;

namespace Sepal.Operators;

/// <summary>
/// The same numbers as another element type. Floating-point numbers become integers by leaving out the fraction; beyond
/// 64 bits they become the nearest 64-bit integer, and NaN becomes 0. Integers that do not fit lose their upper bits.
/// Everything but zero becomes true. Rounding to fewer bits of fraction is to the nearest, ties to even.
/// Element operations: one an element; none where the type stays.
/// </summary>
/// <param name="To">The element type of the output.</param>
public sealed record Cast(ElementType To) : Operator
{
    /// <inheritdoc/>
    public override ImmutableArray<TensorSpec> InferOutputs(OperatorCall call)
    {
        ArgumentNullException.ThrowIfNull(call);
        call.RequireCount(1, 1, "a tensor");
        return Enum.IsDefined(To)
            ? [call.Inputs[0] with { ElementType = To }]
            : throw call.Error($"the element type {To} is unknown", "Give one of ElementType's members.");
    }

    /// <inheritdoc/>
    public override OperatorCost Cost(OperatorCall call, ImmutableArray<TensorSpec> outputs)
    {
        ArgumentNullException.ThrowIfNull(call);
        return call.Inputs[0].ElementType == To
            ? new OperatorCost(0, 0, 0, 0)
            : CostOf(call, outputs, 0, outputs[0].Shape.ElementCount);
    }
}
