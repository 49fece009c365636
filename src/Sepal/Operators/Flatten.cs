using System.Collections.Immutable;
using Sepal.Graphs;

namespace Sepal.Operators;

/// <summary>Everything but the batch in one dimension, in storage order. No work and no bytes: the tensor is not moved.</summary>
public sealed record Flatten : Operator
{
    /// <inheritdoc/>
    public override ImmutableArray<TensorSpec> InferOutputs(OperatorCall call)
    {
        ArgumentNullException.ThrowIfNull(call);
        call.RequireCount(1, 1, "a tensor");
        return call.Inputs[0].Rank < 1
            ? throw call.Error("the input is a scalar", "Expected a batch dimension.")
            : [new TensorSpec([call.Inputs[0].Shape[0], call.Inputs[0].Shape.WithoutBatch().ElementCount], call.Inputs[0].ElementType)];
    }

    /// <inheritdoc/>
    public override OperatorCost Cost(OperatorCall call, ImmutableArray<TensorSpec> outputs) => new(0, 0, 0, 0);
}
