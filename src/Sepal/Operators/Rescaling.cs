using System.Collections.Immutable;
using Sepal.Graphs;

namespace Sepal.Operators;

/// <summary><c>x·scale + offset</c> for every element, with fixed numbers. Element operations: two an element.</summary>
/// <param name="Scale">The factor, for example 1/255.</param>
/// <param name="Offset">The summand.</param>
public sealed record Rescaling(float Scale, float Offset = 0) : Operator
{
    /// <inheritdoc/>
    public override ImmutableArray<TensorSpec> InferOutputs(OperatorCall call)
    {
        ArgumentNullException.ThrowIfNull(call);
        call.RequireCount(1, 1, "a tensor");
        return float.IsFinite(Scale) && float.IsFinite(Offset)
            ? [call.Inputs[0]]
            : throw call.Error($"the scale is {Scale} and the offset {Offset}", "Give finite numbers.");
    }

    /// <inheritdoc/>
    public override OperatorCost Cost(OperatorCall call, ImmutableArray<TensorSpec> outputs) =>
        CostOf(call, outputs, 0, outputs[0].Shape.ElementCount * 2);
}
