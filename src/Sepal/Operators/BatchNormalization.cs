using System.Collections.Immutable;
using Sepal.Graphs;

namespace Sepal.Operators;

/// <summary>
/// Batch normalisation (Ioffe and Szegedy, arXiv 1502.03167) over the last axis. Inputs: data, scale γ, offset β, moving
/// mean, moving variance, the last four <c>[channels]</c>. At inference the moving statistics normalise; in training the
/// batch's own do, with the biased variance, and the moving ones follow as
/// <c>moving·momentum + batch·(1 − momentum)</c>. Element operations: two an element (a scale and an offset).
/// </summary>
public sealed record BatchNormalization : Operator
{
    /// <summary>The share of the moving statistics that a step keeps.</summary>
    /// <remarks>Keras's convention: PyTorch's momentum is 1 minus this.</remarks>
    public float Momentum { get; init; } = 0.99f;

    /// <summary>Added to the variance before the root.</summary>
    public float Epsilon { get; init; } = 1e-3f;

    /// <summary>Whether training normalises by the moving statistics too, and leaves them: a frozen layer.</summary>
    public bool Frozen { get; init; }

    /// <inheritdoc/>
    public override ElementOperationKind ElementOperationKind => ElementOperationKind.BatchNormalization;

    /// <inheritdoc/>
    public override ImmutableArray<TensorSpec> InferOutputs(OperatorCall call)
    {
        ArgumentNullException.ThrowIfNull(call);
        call.RequireCount(5, 5, "data, scale, offset, moving mean, moving variance");
        if (call.Inputs[0].Rank < 2)
        {
            throw call.Error($"input 0 has {call.Inputs[0].Rank} dimension(s)", "Expected at least 2: batch and channels.");
        }

        if (Momentum is not (>= 0 and <= 1) || Epsilon is not (> 0 and < float.PositiveInfinity))
        {
            throw call.Error(
                $"the momentum is {Momentum} and epsilon {Epsilon}", "Momentum lies between 0 and 1, and epsilon is positive.");
        }

        int channels = call.RequireKnownChannels(0);
        string[] names = ["the scale [channels]", "the offset [channels]", "the moving mean [channels]", "the moving variance [channels]"];
        for (int index = 1; index < 5; index++)
        {
            call.RequireShape(index, [channels], names[index - 1]);
        }

        return [call.Inputs[0]];
    }

    /// <inheritdoc/>
    public override OperatorCost Cost(OperatorCall call, ImmutableArray<TensorSpec> outputs) =>
        CostOf(call, outputs, 0, outputs[0].Shape.ElementCount * 2);
}
