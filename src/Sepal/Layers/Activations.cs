using Sepal.Operators;

namespace Sepal.Layers;

/// <summary>The activations that a layer can take.</summary>
public static class Activations
{
    /// <summary><c>max(x, 0)</c>.</summary>
    public static IActivation Relu { get; } = new Unary(UnaryFunction.Relu);

    /// <summary><c>min(max(x, 0), 6)</c>.</summary>
    public static IActivation Relu6 { get; } = new Unary(UnaryFunction.Relu6);

    /// <summary><c>1 / (1 + e^−x)</c>.</summary>
    public static IActivation Sigmoid { get; } = new Unary(UnaryFunction.Sigmoid);

    /// <summary><c>min(max(x / 6 + 1/2, 0), 1)</c>.</summary>
    public static IActivation HardSigmoid { get; } = new Unary(UnaryFunction.HardSigmoid);

    /// <summary><c>x · hardsigmoid(x)</c>.</summary>
    public static IActivation HardSwish { get; } = new Unary(UnaryFunction.HardSwish);

    /// <summary><c>x · sigmoid(x)</c>.</summary>
    /// <remarks>SiLU in PyTorch.</remarks>
    public static IActivation Swish { get; } = new Unary(UnaryFunction.Swish);

    /// <summary>The hyperbolic tangent.</summary>
    public static IActivation Tanh { get; } = new Unary(UnaryFunction.Tanh);

    /// <summary><c>x · Φ(x)</c>, exact.</summary>
    public static IActivation Gelu { get; } = new Unary(UnaryFunction.Gelu);

    /// <summary><c>x</c> above zero and <c>x / 100</c> below; other slopes: <c>new Unary(UnaryFunction.LeakyRelu) { Alpha = 0.2f }</c>.</summary>
    public static IActivation LeakyRelu { get; } = new Unary(UnaryFunction.LeakyRelu);

    /// <summary><c>x</c> above zero and <c>e^x − 1</c> below (arXiv 1511.07289).</summary>
    public static IActivation Elu { get; } = new Unary(UnaryFunction.Elu);

    /// <summary><c>x · tanh(softplus(x))</c> (arXiv 1908.08681).</summary>
    public static IActivation Mish { get; } = new Unary(UnaryFunction.Mish);

    /// <summary>Shares that add up to one, over the channels.</summary>
    public static IActivation Softmax { get; } = new Softmax();
}
