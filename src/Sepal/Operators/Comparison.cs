using System.Collections.Immutable;
using Sepal.Graphs;

namespace Sepal.Operators;

/// <summary>Comparisons of two numbers. A NaN compares false.</summary>
public enum ComparisonFunction
{
    /// <summary>Both are equal.</summary>
    Equal,

    /// <summary>The first is larger.</summary>
    Greater,

    /// <summary>The first is at least as large.</summary>
    GreaterOrEqual,

    /// <summary>The first is smaller.</summary>
    Less,

    /// <summary>The first is at most as large.</summary>
    LessOrEqual,
}

/// <summary>
/// A comparison of two tensors of one type, element by element, with NumPy's broadcasting; the result is Boolean. Element
/// operations: one an output element. It has no gradient.
/// </summary>
/// <param name="Function">Which.</param>
public sealed record Comparison(ComparisonFunction Function) : Operator
{
    /// <inheritdoc/>
    public override string Name => Function.ToString();

    /// <inheritdoc/>
    public override ImmutableArray<TensorSpec> InferOutputs(OperatorCall call)
    {
        ArgumentNullException.ThrowIfNull(call);
        call.RequireCount(2, 2, "two tensors");
        Broadcasting.RequireOneType(call, [0, 1]);
        return [Broadcasting.Output(call) with { ElementType = ElementType.Boolean }];
    }

    /// <inheritdoc/>
    public override OperatorCost Cost(OperatorCall call, ImmutableArray<TensorSpec> outputs) =>
        CostOf(call, outputs, 0, outputs[0].Shape.ElementCount);
}
