using System.Diagnostics;
using Sepal.Operators;

namespace Sepal.Tests.References;

/// <summary>Functions of one number as their definitions write them.</summary>
internal static class ReferenceUnary
{
    public static double Apply(UnaryFunction function, double x) => function switch
    {
        UnaryFunction.Relu => Math.Max(x, 0),
        UnaryFunction.Relu6 => Math.Min(Math.Max(x, 0), 6),
        UnaryFunction.Sigmoid => 1 / (1 + Math.Exp(-x)),
        UnaryFunction.HardSigmoid => Math.Min(Math.Max((x / 6) + 0.5, 0), 1),
        UnaryFunction.HardSwish => x * Math.Min(Math.Max((x / 6) + 0.5, 0), 1),
        UnaryFunction.Swish => x / (1 + Math.Exp(-x)),
        UnaryFunction.Tanh => Math.Tanh(x),
        UnaryFunction.Gelu => x / 2 * (1 + Erf(x / Math.Sqrt(2))),
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
