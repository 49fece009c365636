using System.Collections.Immutable;
using Sepal.Graphs;

namespace Sepal.Operators;

/// <summary>
/// Local response normalisation (Krizhevsky et al., 2012) over the last axis: every element is divided by
/// <c>(bias + α/size · Σ x²)^β</c>, the sum over <c>size</c> channels around it, of which ⌊(size − 1)/2⌋ lie before it. Element
/// operations: the size plus four an element. It has no gradient.
/// </summary>
/// <param name="Size">Channels in a sum.</param>
public sealed record LocalResponseNormalization(int Size) : Operator
{
    /// <summary>The factor of the sum.</summary>
    public float Alpha { get; init; } = 1e-4f;

    /// <summary>The exponent.</summary>
    public float Beta { get; init; } = 0.75f;

    /// <summary>What is added to the sum.</summary>
    public float Bias { get; init; } = 1;

    /// <inheritdoc/>
    public override ElementOperationKind ElementOperationKind => ElementOperationKind.Normalization;

    /// <inheritdoc/>
    public override ImmutableArray<TensorSpec> InferOutputs(OperatorCall call)
    {
        ArgumentNullException.ThrowIfNull(call);
        call.RequireCount(1, 1, "a tensor");
        call.RequireFloat(0);
        call.RequireKnownChannels(0);
        return Size >= 1 ? [call.Inputs[0]] : throw call.Error($"the size is {Size}", "Give at least 1 channel.");
    }

    /// <inheritdoc/>
    public override OperatorCost Cost(OperatorCall call, ImmutableArray<TensorSpec> outputs) =>
        CostOf(call, outputs, 0, outputs[0].Shape.ElementCount * (Size + 4L));
}
