using System.Collections.Immutable;
using Sepal.Graphs;

namespace Sepal.Operators;

/// <summary>
/// Integers that follow from the sizes of the inputs: what ONNX's <c>Shape</c> and arithmetic on it give, where somebody
/// reads them at run time. Counts no work but the bytes.
/// </summary>
/// <param name="TargetShape">The shape of the result, numbers only.</param>
/// <param name="Elements">The elements in storage order, as expressions of the open dimensions.</param>
/// <param name="ElementType"><see cref="ElementType.Int64"/> or <see cref="ElementType.Int32"/>.</param>
public sealed record DimensionVector(Shape TargetShape, ImmutableArray<Dimension> Elements, ElementType ElementType) : Operator
{
    /// <inheritdoc/>
    public override ImmutableArray<TensorSpec> InferOutputs(OperatorCall call)
    {
        ArgumentNullException.ThrowIfNull(call);
        call.RequireCount(0, 0, "it follows from sizes alone");
        if (ElementType is not (ElementType.Int64 or ElementType.Int32))
        {
            throw call.Error($"its elements are of the type {ElementType}", "Expected Int64 or Int32.");
        }

        if (TargetShape.ElementCount != Elements.Length)
        {
            throw call.Error($"the shape {TargetShape} does not hold {Elements.Length} elements", "Give as many elements as it holds.");
        }

        return [new TensorSpec(TargetShape, ElementType)];
    }

    /// <inheritdoc/>
    public override OperatorCost Cost(OperatorCall call, ImmutableArray<TensorSpec> outputs) => CostOf(call, outputs, 0, 0);
}
