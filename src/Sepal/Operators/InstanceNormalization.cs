using System.Collections.Immutable;
using Sepal.Graphs;

namespace Sepal.Operators;

/// <summary>
/// Instance normalisation (arXiv 1607.08022): every channel of every image, channels last, has mean 0 and variance 1 over its
/// positions, then is scaled and offset. Inputs: data <c>[batch, …, channels]</c>, scale and offset <c>[channels]</c>. Element
/// operations: eight an element (sum, difference, square, sum, and difference, quotient, scale, offset). It has no gradient.
/// </summary>
public sealed record InstanceNormalization : Operator
{
    /// <summary>Added to the variance before the root.</summary>
    public float Epsilon { get; init; } = 1e-5f;

    /// <inheritdoc/>
    public override ElementOperationKind ElementOperationKind => ElementOperationKind.Normalization;

    /// <inheritdoc/>
    public override ImmutableArray<TensorSpec> InferOutputs(OperatorCall call)
    {
        ArgumentNullException.ThrowIfNull(call);
        call.RequireCount(3, 3, "a tensor, a scale and an offset");
        if (call.Inputs[0].Rank < 3)
        {
            throw call.Error($"input 0 has {call.Inputs[0].Rank} dimension(s)", "Expected at least 3: batch, positions, channels.");
        }

        if (Epsilon is not (>= 0 and < float.PositiveInfinity))
        {
            throw call.Error($"epsilon is {Epsilon}", "It must not be negative.");
        }

        int channels = call.RequireKnownChannels(0);
        call.RequireFloat(0);
        call.RequireShape(1, [channels], "the scale [channels]");
        call.RequireShape(2, [channels], "the offset [channels]");
        return [call.Inputs[0]];
    }

    /// <inheritdoc/>
    public override OperatorCost Cost(OperatorCall call, ImmutableArray<TensorSpec> outputs) =>
        CostOf(call, outputs, 0, outputs[0].Shape.ElementCount * 8);
}
