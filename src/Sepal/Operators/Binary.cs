using System.Collections.Immutable;
using Sepal.Graphs;

namespace Sepal.Operators;

/// <summary>Functions of two numbers.</summary>
public enum BinaryFunction
{
    /// <summary>The sum.</summary>
    Add,

    /// <summary>The product.</summary>
    Multiply,

    /// <summary>The difference.</summary>
    Subtract,

    /// <summary>The quotient. Of integers it is cut off towards zero, and zero where the divisor is.</summary>
    Divide,

    /// <summary>The smaller number. Where both are equal, the gradient goes to the first.</summary>
    Minimum,

    /// <summary>The larger number. Where both are equal, the gradient goes to the first.</summary>
    Maximum,

    /// <summary>
    /// The first number to the power of the second. Of integers to a negative exponent it is cut off towards zero, and zero
    /// where the base is. The gradient by the exponent is zero where the base is not positive.
    /// </summary>
    Power,

    /// <summary>The first number where it is not negative, elsewhere times the second, a slope (arXiv 1502.01852).</summary>
    PRelu,
}

/// <summary>
/// A function of two tensors of one type, element by element. Dimensions of 1 are stretched and missing leading ones added, as
/// NumPy broadcasts. Integers wrap. Element operations: one an output element.
/// </summary>
/// <param name="Function">Which.</param>
public sealed record Binary(BinaryFunction Function) : Operator
{
    /// <inheritdoc/>
    public override string Name => Function.ToString();

    /// <inheritdoc/>
    public override ElementOperationKind ElementOperationKind => Function switch
    {
        BinaryFunction.Add or BinaryFunction.Subtract => ElementOperationKind.Addition,
        BinaryFunction.Multiply or BinaryFunction.Divide => ElementOperationKind.Multiplication,
        BinaryFunction.PRelu => ElementOperationKind.Activation,
        _ => ElementOperationKind.Other,
    };

    /// <inheritdoc/>
    public override ImmutableArray<TensorSpec> InferOutputs(OperatorCall call)
    {
        ArgumentNullException.ThrowIfNull(call);
        call.RequireCount(2, 2, "two tensors");
        Broadcasting.RequireOneType(call, [0, 1]);
        return call.Inputs[0].ElementType == ElementType.Boolean
            ? throw call.Error("it does not apply to Boolean", "Cast to Int32 first, or use a logical function.")
            : [Broadcasting.Output(call)];
    }

    /// <inheritdoc/>
    public override OperatorCost Cost(OperatorCall call, ImmutableArray<TensorSpec> outputs) =>
        CostOf(call, outputs, 0, outputs[0].Shape.ElementCount);
}
