using System.Diagnostics;
using Sepal.Operators;

namespace Sepal.Tests.References;

/// <summary>Functions of one number as their definitions write them.</summary>
internal static class ReferenceUnary
{
    public static double Apply(Unary unary, double x) => unary.Function switch
    {
        UnaryFunction.Relu => Math.Max(x, 0),
        UnaryFunction.Relu6 => Math.Min(Math.Max(x, 0), 6),
        UnaryFunction.Sigmoid => 1 / (1 + Math.Exp(-x)),
        UnaryFunction.HardSigmoid => Math.Min(Math.Max((unary.Alpha * x) + unary.Beta, 0), 1),
        UnaryFunction.HardSwish => x * Math.Min(Math.Max((x / 6) + 0.5, 0), 1),
        UnaryFunction.Swish => x / (1 + Math.Exp(-x)),
        UnaryFunction.Tanh => Math.Tanh(x),
        UnaryFunction.Gelu => x / 2 * (1 + Erf(x / Math.Sqrt(2))),
        UnaryFunction.TanhGelu => x / 2 * (1 + Math.Tanh(Math.Sqrt(2 / Math.PI) * (x + (0.044715 * x * x * x)))),
        UnaryFunction.LeakyRelu => x < 0 ? unary.Alpha * x : x,
        UnaryFunction.Elu => x < 0 ? unary.Alpha * (Math.Exp(x) - 1) : x,
        UnaryFunction.Selu => unary.Gamma * (x < 0 ? unary.Alpha * (Math.Exp(x) - 1) : x),
        UnaryFunction.Mish => x * Math.Tanh(Math.Log(1 + Math.Exp(x))),
        UnaryFunction.Softplus => Math.Log(1 + Math.Exp(x)),
        UnaryFunction.Erf => Erf(x),
        UnaryFunction.Exp => Math.Exp(x),
        UnaryFunction.Log => Math.Log(x),
        UnaryFunction.Sqrt => Math.Sqrt(x),
        UnaryFunction.Reciprocal => 1 / x,
        UnaryFunction.Abs => Math.Abs(x),
        UnaryFunction.Negate => -x,
        UnaryFunction.Sign => Math.Sign(x),
        UnaryFunction.Floor => Math.Floor(x),
        UnaryFunction.Ceiling => Math.Ceiling(x),
        UnaryFunction.Round => Math.Round(x, MidpointRounding.ToEven),
        UnaryFunction.Clip => Math.Min(Math.Max(x, unary.Minimum), unary.Maximum),
        _ => throw new UnreachableException(),
    };

    /// <summary><c>erf(x) = 2/√π · e^(−x²) · Σ 2ⁿ x^(2n+1) / (2n+1)!!</c>: all terms have one sign, so nothing cancels.</summary>
    public static double Erf(double x)
    {
        if (Math.Abs(x) > 6)
        {
            return Math.Sign(x);
        }

        double term = x;
        double sum = x;
        for (int n = 1; Math.Abs(term) > 1e-17 * Math.Abs(sum); n++)
        {
            term *= 2 * x * x / ((2 * n) + 1);
            sum += term;
        }

        return 2 / Math.Sqrt(Math.PI) * Math.Exp(-x * x) * sum;
    }
}
