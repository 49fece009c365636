using System.Collections.Immutable;
using Sepal.Graphs;

namespace Sepal.Operators;

/// <summary>
/// <c>e^(x − max) / Σ e^(x − max)</c> over an axis, or that quotient's logarithm <c>x − max − ln Σ e^(x − max)</c>. Over the last
/// axis it has a gradient. Element operations: five an element (maximum, difference, exponential, sum, quotient).
/// </summary>
public sealed record Softmax : Operator, IActivation
{
    /// <summary>The axis, batch included; negative counts from the end.</summary>
    public int Axis { get; init; } = -1;

    /// <summary>Whether the logarithm is given, as LogSoftmax.</summary>
    public bool Logarithmic { get; init; }

    /// <inheritdoc/>
    public override string Name => Logarithmic ? "LogSoftmax" : "Softmax";

    /// <inheritdoc/>
    public override ElementOperationKind ElementOperationKind => ElementOperationKind.Activation;

    /// <inheritdoc/>
    public override ImmutableArray<TensorSpec> InferOutputs(OperatorCall call)
    {
        ArgumentNullException.ThrowIfNull(call);
        call.RequireCount(1, 1, "a tensor");
        call.RequireFloat(0);
        call.RequireAxis(Axis, call.Inputs[0].Rank);
        return [call.Inputs[0]];
    }

    /// <inheritdoc/>
    public override OperatorCost Cost(OperatorCall call, ImmutableArray<TensorSpec> outputs) =>
        CostOf(call, outputs, 0, outputs[0].Shape.ElementCount * 5);
}
