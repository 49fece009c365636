using System.Collections.Immutable;
using Sepal.Graphs;

namespace Sepal.Operators;

/// <summary>Functions of one number.</summary>
public enum UnaryFunction
{
    /// <summary><c>max(x, 0)</c>.</summary>
    Relu,

    /// <summary><c>min(max(x, 0), 6)</c>.</summary>
    Relu6,

    /// <summary><c>1 / (1 + e^−x)</c>.</summary>
    Sigmoid,

    /// <summary><c>min(max(x / 6 + 1/2, 0), 1)</c>, the slope of Keras and of MobileNetV3 (arXiv 1905.02244).</summary>
    HardSigmoid,

    /// <summary><c>x · min(max(x / 6 + 1/2, 0), 1)</c> (MobileNetV3, arXiv 1905.02244).</summary>
    HardSwish,

    /// <summary><c>x / (1 + e^−x)</c> (arXiv 1710.05941); PyTorch's SiLU.</summary>
    Swish,

    /// <summary>The hyperbolic tangent.</summary>
    Tanh,

    /// <summary><c>x · Φ(x)</c> with the exact normal distribution function, <c>x/2 · (1 + erf(x / √2))</c> (arXiv 1606.08415).</summary>
    Gelu,
}

/// <summary>A function applied to every element. Element operations: one an element.</summary>
/// <param name="Function">Which.</param>
public sealed record Unary(UnaryFunction Function) : Operator, IActivation
{
    /// <inheritdoc/>
    public override string Name => Function.ToString();

    /// <inheritdoc/>
    public override ImmutableArray<TensorSpec> InferOutputs(OperatorCall call)
    {
        ArgumentNullException.ThrowIfNull(call);
        call.RequireCount(1, 1, "a tensor");
        return [call.Inputs[0]];
    }

    /// <inheritdoc/>
    public override OperatorCost Cost(OperatorCall call, ImmutableArray<TensorSpec> outputs) =>
        CostOf(call, outputs, 0, outputs[0].Shape.ElementCount);
}
