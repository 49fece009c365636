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

    /// <summary>
    /// <c>min(max(α·x + β, 0), 1)</c>; α is 1/6 and β 1/2 unless said otherwise, as in Keras and MobileNetV3 (arXiv 1905.02244).
    /// </summary>
    HardSigmoid,

    /// <summary><c>x · min(max(x / 6 + 1/2, 0), 1)</c> (MobileNetV3, arXiv 1905.02244).</summary>
    HardSwish,

    /// <summary><c>x / (1 + e^−x)</c> (arXiv 1710.05941); PyTorch's SiLU.</summary>
    Swish,

    /// <summary>The hyperbolic tangent.</summary>
    Tanh,

    /// <summary><c>x · Φ(x)</c> with the exact normal distribution function, <c>x/2 · (1 + erf(x / √2))</c> (arXiv 1606.08415).</summary>
    Gelu,

    /// <summary>The approximation <c>x/2 · (1 + tanh(√(2/π)·(x + 0.044715·x³)))</c> of <see cref="Gelu"/>.</summary>
    TanhGelu,

    /// <summary><c>x</c> where positive, <c>α·x</c> elsewhere; α is 0.01 unless said otherwise.</summary>
    LeakyRelu,

    /// <summary><c>x</c> where positive, <c>α(e^x − 1)</c> elsewhere (arXiv 1511.07289); α is 1 unless said otherwise.</summary>
    Elu,

    /// <summary><c>γ·x</c> where positive, <c>γα(e^x − 1)</c> elsewhere (arXiv 1706.02515), with that paper's α and γ.</summary>
    Selu,

    /// <summary><c>x · tanh(ln(1 + e^x))</c> (arXiv 1908.08681).</summary>
    Mish,

    /// <summary><c>ln(1 + e^x)</c>.</summary>
    Softplus,

    /// <summary>The error function <c>2/√π · ∫₀ˣ e^(−t²) dt</c>.</summary>
    Erf,

    /// <summary><c>e^x</c>.</summary>
    Exp,

    /// <summary>The natural logarithm.</summary>
    Log,

    /// <summary>The square root.</summary>
    Sqrt,

    /// <summary><c>1 / x</c>.</summary>
    Reciprocal,

    /// <summary>The absolute value; of the smallest integer, which has none, itself. The gradient at zero is zero.</summary>
    Abs,

    /// <summary><c>−x</c>.</summary>
    Negate,

    /// <summary>−1, 0 or 1. The gradient is zero.</summary>
    Sign,

    /// <summary>The next whole number below. The gradient is zero.</summary>
    Floor,

    /// <summary>The next whole number above. The gradient is zero.</summary>
    Ceiling,

    /// <summary>The nearest whole number, of two equally near ones the even one. The gradient is zero.</summary>
    Round,

    /// <summary>
    /// <c>min(max(x, minimum), maximum)</c>; where the bounds cross, the maximum. The gradient at and outside the bounds is zero.
    /// </summary>
    Clip,

    /// <summary>True where false and false where true.</summary>
    Not,
}

/// <summary>
/// A function applied to every element. Floats take every function but <see cref="UnaryFunction.Not"/>, integers
/// <see cref="UnaryFunction.Relu"/>, <see cref="UnaryFunction.Abs"/>, <see cref="UnaryFunction.Negate"/> and
/// <see cref="UnaryFunction.Sign"/>, Booleans <see cref="UnaryFunction.Not"/>. Element operations: one an element.
/// </summary>
/// <param name="Function">Which.</param>
public sealed record Unary(UnaryFunction Function) : Operator, IActivation
{
    /// <summary>The α of leaky ReLU, ELU, SELU and the hard sigmoid.</summary>
    public float Alpha { get; init; } = Function switch
    {
        UnaryFunction.LeakyRelu => 0.01f,
        UnaryFunction.HardSigmoid => 1f / 6,
        UnaryFunction.Selu => 1.67326324f,
        _ => 1,
    };

    /// <summary>The β of the hard sigmoid.</summary>
    public float Beta { get; init; } = 0.5f;

    /// <summary>The γ of SELU.</summary>
    public float Gamma { get; init; } = 1.05070098f;

    /// <summary>The lower bound of clipping.</summary>
    public float Minimum { get; init; } = float.NegativeInfinity;

    /// <summary>The upper bound of clipping.</summary>
    public float Maximum { get; init; } = float.PositiveInfinity;

    /// <inheritdoc/>
    public override string Name => Function.ToString();

    /// <inheritdoc/>
    public override ElementOperationKind ElementOperationKind => Function is (>= UnaryFunction.Relu and <= UnaryFunction.Softplus) or UnaryFunction.Clip
        ? ElementOperationKind.Activation
        : ElementOperationKind.Other;

    /// <inheritdoc/>
    public override ImmutableArray<TensorSpec> InferOutputs(OperatorCall call)
    {
        ArgumentNullException.ThrowIfNull(call);
        call.RequireCount(1, 1, "a tensor");
        ElementType type = call.Inputs[0].ElementType;
        bool fits = Function switch
        {
            UnaryFunction.Not => type == ElementType.Boolean,
            UnaryFunction.Relu or UnaryFunction.Abs or UnaryFunction.Negate or UnaryFunction.Sign => type != ElementType.Boolean,
            _ => type == ElementType.Float32,
        };
        return fits
            ? [call.Inputs[0]]
            : throw call.Error(
                $"it does not apply to {type}", $"Cast to {(Function == UnaryFunction.Not ? ElementType.Boolean : ElementType.Float32)} first.");
    }

    /// <inheritdoc/>
    public override OperatorCost Cost(OperatorCall call, ImmutableArray<TensorSpec> outputs) =>
        CostOf(call, outputs, 0, outputs[0].Shape.ElementCount);
}
