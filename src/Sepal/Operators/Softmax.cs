using System.Collections.Immutable;
using Sepal.Graphs;

namespace Sepal.Operators;

/// <summary>
/// <c>e^(x − max) / Σ e^(x − max)</c> over the last axis. Element operations: five an element (maximum, difference,
/// exponential, sum, quotient).
/// </summary>
public sealed record Softmax : Operator, IActivation
{
    /// <inheritdoc/>
    public override ImmutableArray<TensorSpec> InferOutputs(OperatorCall call)
    {
        ArgumentNullException.ThrowIfNull(call);
        call.RequireCount(1, 1, "a tensor");
        call.RequireKnownChannels(0);
        return [call.Inputs[0]];
    }

    /// <inheritdoc/>
    public override OperatorCost Cost(OperatorCall call, ImmutableArray<TensorSpec> outputs) =>
        CostOf(call, outputs, 0, outputs[0].Shape.ElementCount * 5);
}
