using System.Collections.Immutable;
using Sepal.Graphs;

namespace Sepal.Operators;

/// <summary>
/// A fully connected layer's product: <c>[…, K]</c> by a kernel <c>[K, units]</c>, plus optionally a bias <c>[units]</c>.
/// MACs: K × output elements. Element operations: one an output element where there is a bias.
/// </summary>
/// <param name="Units">Output channels.</param>
public sealed record Dense(int Units) : Operator
{
    /// <inheritdoc/>
    public override ElementOperationKind ElementOperationKind => ElementOperationKind.Bias;

    /// <inheritdoc/>
    public override ImmutableArray<TensorSpec> InferOutputs(OperatorCall call)
    {
        ArgumentNullException.ThrowIfNull(call);
        call.RequireCount(2, 3, "a tensor, a kernel and optionally a bias");
        if (call.Inputs[0].Rank < 2)
        {
            throw call.Error($"input 0 has {call.Inputs[0].Rank} dimension(s)", "Expected at least 2: batch and channels.");
        }

        if (Units < 1)
        {
            throw call.Error($"it has {Units} units", "Give at least 1.");
        }

        int channels = call.RequireKnownChannels(0);
        call.RequireShape(1, [channels, Units], "the kernel [input channels, units]");
        if (call.Inputs.Length == 3)
        {
            call.RequireShape(2, [Units], "the bias [units]");
        }

        return [call.Inputs[0] with { Shape = call.Inputs[0].Shape.WithLast(Units) }];
    }

    /// <inheritdoc/>
    public override OperatorCost Cost(OperatorCall call, ImmutableArray<TensorSpec> outputs)
    {
        ArgumentNullException.ThrowIfNull(call);
        Dimension elements = outputs[0].Shape.ElementCount;
        return CostOf(call, outputs, elements * call.Inputs[0].Channels, call.Inputs.Length == 3 ? elements : 0);
    }
}
