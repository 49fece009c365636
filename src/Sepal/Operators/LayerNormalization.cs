using System.Collections.Immutable;
using Sepal.Graphs;

namespace Sepal.Operators;

/// <summary>
/// Layer normalisation (arXiv 1607.06450): the dimensions from an axis on have mean 0 and variance 1, then are scaled and
/// offset. Inputs: data, scale γ and optionally offset β, the last two of the shape of the normalised dimensions. Outputs: the
/// result, and for every normalised stretch its mean and <c>1 / √(variance + ε)</c>. Element operations: eight an element (sum,
/// difference, square, sum, and difference, quotient, scale, offset).
/// </summary>
/// <param name="Axis">The first normalised axis, batch included; negative counts from the end.</param>
public sealed record LayerNormalization(int Axis = -1) : Operator
{
    /// <summary>Added to the variance before the root.</summary>
    public float Epsilon { get; init; } = 1e-5f;

    /// <inheritdoc/>
    public override ElementOperationKind ElementOperationKind => ElementOperationKind.Normalization;

    /// <inheritdoc/>
    public override ImmutableArray<TensorSpec> InferOutputs(OperatorCall call)
    {
        ArgumentNullException.ThrowIfNull(call);
        call.RequireCount(2, 3, "a tensor, a scale and optionally an offset");
        TensorSpec data = call.Inputs[0];
        int axis = call.RequireAxis(Axis, data.Rank);
        if (Epsilon is not (>= 0 and < float.PositiveInfinity))
        {
            throw call.Error($"epsilon is {Epsilon}", "It must not be negative.");
        }

        Shape normalized = [.. data.Shape.Skip(axis)];
        for (int index = 0; index < call.Inputs.Length; index++)
        {
            call.RequireFloat(index);
            if (index > 0)
            {
                call.RequireShape(index, normalized, $"the {(index == 1 ? "scale" : "offset")}, as the normalised dimensions");
            }
        }

        var statistics = new TensorSpec([.. data.Shape.Select((dimension, index) => index < axis ? dimension : 1)]);
        return [data, statistics, statistics];
    }

    /// <inheritdoc/>
    public override OperatorCost Cost(OperatorCall call, ImmutableArray<TensorSpec> outputs) =>
        CostOf(call, outputs, 0, outputs[0].Shape.ElementCount * 8);
}
