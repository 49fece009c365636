using System.Collections.Immutable;
using Sepal.Graphs;

namespace Sepal.Operators;

/// <summary>
/// In training, sets a random share of the elements to zero and scales the rest by <c>1 / (1 − rate)</c> (Srivastava et al.,
/// 2014); at inference, nothing, so it counts no work.
/// </summary>
/// <param name="Rate">The share, at least 0 and below 1.</param>
public sealed record Dropout(float Rate) : Operator
{
    /// <inheritdoc/>
    public override ImmutableArray<TensorSpec> InferOutputs(OperatorCall call)
    {
        ArgumentNullException.ThrowIfNull(call);
        call.RequireCount(1, 1, "a tensor");
        return Rate is >= 0 and < 1
            ? [call.Inputs[0]]
            : throw call.Error($"the rate is {Rate}", "Give a share of elements to drop: at least 0 and below 1.");
    }

    /// <inheritdoc/>
    public override OperatorCost Cost(OperatorCall call, ImmutableArray<TensorSpec> outputs) => new(0, 0, 0, 0);
}
