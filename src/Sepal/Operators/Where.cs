using System.Collections.Immutable;
using Sepal.Graphs;

namespace Sepal.Operators;

/// <summary>
/// Each element from one of two tensors of one type, by a Boolean tensor: the second input where the first is true, the third
/// elsewhere, with NumPy's broadcasting. Element operations: one an output element. It has no gradient.
/// </summary>
public sealed record Where : Operator
{
    /// <inheritdoc/>
    public override ImmutableArray<TensorSpec> InferOutputs(OperatorCall call)
    {
        ArgumentNullException.ThrowIfNull(call);
        call.RequireCount(3, 3, "a Boolean condition and two tensors");
        if (call.Inputs[0].ElementType != ElementType.Boolean)
        {
            throw call.Error("the condition is not Boolean", "Cast it to Boolean first.");
        }

        Broadcasting.RequireOneType(call, [1, 2]);
        return [Broadcasting.Output(call) with { ElementType = call.Inputs[1].ElementType }];
    }

    /// <inheritdoc/>
    public override OperatorCost Cost(OperatorCall call, ImmutableArray<TensorSpec> outputs) =>
        CostOf(call, outputs, 0, outputs[0].Shape.ElementCount);
}
