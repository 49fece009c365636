using System.Collections.Immutable;
using Sepal.Graphs;

namespace Sepal.Operators;

/// <summary>Functions of two conditions.</summary>
public enum LogicalFunction
{
    /// <summary>Both are true.</summary>
    And,

    /// <summary>At least one is true.</summary>
    Or,

    /// <summary>Exactly one is true.</summary>
    Xor,
}

/// <summary>
/// A function of two Boolean tensors, element by element, with NumPy's broadcasting. Element operations: one an output
/// element. It has no gradient.
/// </summary>
/// <param name="Function">Which.</param>
public sealed record Logical(LogicalFunction Function) : Operator
{
    /// <inheritdoc/>
    public override string Name => Function.ToString();

    /// <inheritdoc/>
    public override ImmutableArray<TensorSpec> InferOutputs(OperatorCall call)
    {
        ArgumentNullException.ThrowIfNull(call);
        call.RequireCount(2, 2, "two Boolean tensors");
        return call.Inputs.Any(input => input.ElementType != ElementType.Boolean)
            ? throw call.Error("an input is not Boolean", "Cast it to Boolean first.")
            : [Broadcasting.Output(call)];
    }

    /// <inheritdoc/>
    public override OperatorCost Cost(OperatorCall call, ImmutableArray<TensorSpec> outputs) =>
        CostOf(call, outputs, 0, outputs[0].Shape.ElementCount);
}
