using System.Runtime.CompilerServices;
using Sepal.Kernels.Simd;

namespace Sepal.Kernels.Elementwise;

/// <summary><c>1 / (1 + e^−x)</c>.</summary>
internal readonly struct Sigmoid : IUnaryFunction
{
    public bool GradientReadsOutput => true;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TVector Apply<TSimd, TVector>(TVector input)
        where TSimd : ISimd<TVector>
        where TVector : struct
    {
        TVector one = TSimd.Broadcast(1);
        return TSimd.Divide(one, TSimd.Add(one, Exponentials.OfNegative<TSimd, TVector>(input)));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TVector Gradient<TSimd, TVector>(TVector kept, TVector outputGradient)
        where TSimd : ISimd<TVector>
        where TVector : struct =>
        TSimd.Multiply(outputGradient, TSimd.Multiply(kept, TSimd.Subtract(TSimd.Broadcast(1), kept)));
}

/// <summary><c>x / (1 + e^−x)</c>.</summary>
internal readonly struct Swish : IUnaryFunction
{
    public bool GradientReadsOutput => false;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TVector Apply<TSimd, TVector>(TVector input)
        where TSimd : ISimd<TVector>
        where TVector : struct =>
        TSimd.Divide(input, TSimd.Add(TSimd.Broadcast(1), Exponentials.OfNegative<TSimd, TVector>(input)));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TVector Gradient<TSimd, TVector>(TVector kept, TVector outputGradient)
        where TSimd : ISimd<TVector>
        where TVector : struct
    {
        TVector one = TSimd.Broadcast(1);
        TVector sigmoid = default(Sigmoid).Apply<TSimd, TVector>(kept);
        TVector slope = TSimd.MultiplyAdd(kept, TSimd.Subtract(one, sigmoid), one);
        return TSimd.Multiply(outputGradient, TSimd.Multiply(sigmoid, slope));
    }
}

/// <summary>
/// The hyperbolic tangent: Cephes's polynomial (Moshier, <c>tanhf</c>) near zero, where <c>1 − 2 / (e^2x + 1)</c> cancels, and
/// that expression elsewhere.
/// </summary>
internal readonly struct Tanh : IUnaryFunction
{
    public bool GradientReadsOutput => true;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TVector Apply<TSimd, TVector>(TVector input)
        where TSimd : ISimd<TVector>
        where TVector : struct
    {
        TVector zero = TSimd.Broadcast(0);
        TVector one = TSimd.Broadcast(1);
        TVector size = TSimd.Abs(input);
        TVector square = TSimd.Multiply(input, input);
        TVector series = TSimd.MultiplyAdd(TSimd.Broadcast(-5.70498872745e-3f), square, TSimd.Broadcast(2.06390887954e-2f));
        series = TSimd.MultiplyAdd(series, square, TSimd.Broadcast(-5.37397155531e-2f));
        series = TSimd.MultiplyAdd(series, square, TSimd.Broadcast(1.33314422036e-1f));
        series = TSimd.MultiplyAdd(series, square, TSimd.Broadcast(-3.33332819422e-1f));
        TVector near = TSimd.MultiplyAdd(TSimd.Multiply(series, square), input, input);

        TVector far = TSimd.Subtract(
            one, TSimd.Divide(TSimd.Broadcast(2), TSimd.Add(TSimd.Exp(TSimd.Add(size, size)), one)));
        far = TSimd.SelectGreater(zero, input, TSimd.Subtract(zero, far), far);
        return TSimd.SelectGreater(TSimd.Broadcast(0.625f), size, near, far);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TVector Gradient<TSimd, TVector>(TVector kept, TVector outputGradient)
        where TSimd : ISimd<TVector>
        where TVector : struct =>
        TSimd.Multiply(outputGradient, TSimd.Subtract(TSimd.Broadcast(1), TSimd.Multiply(kept, kept)));
}

/// <summary><c>x · Φ(x)</c> with the normal distribution function <c>Φ(x) = (1 + erf(x / √2)) / 2</c>.</summary>
internal readonly struct Gelu : IUnaryFunction
{
    private const float InverseRootOfTwo = 0.70710678f;
    private const float InverseRootOfTwoPi = 0.39894228f;

    public bool GradientReadsOutput => false;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TVector Apply<TSimd, TVector>(TVector input)
        where TSimd : ISimd<TVector>
        where TVector : struct => TSimd.Multiply(input, Distribution<TSimd, TVector>(input, out _));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TVector Gradient<TSimd, TVector>(TVector kept, TVector outputGradient)
        where TSimd : ISimd<TVector>
        where TVector : struct
    {
        TVector distribution = Distribution<TSimd, TVector>(kept, out TVector bell);
        TVector density = TSimd.Multiply(bell, TSimd.Broadcast(InverseRootOfTwoPi));
        return TSimd.Multiply(outputGradient, TSimd.MultiplyAdd(kept, density, distribution));
    }

    /// <summary>
    /// Φ(x), and e^(−x²/2) by the way. The complement of erf for positive arguments is Abramowitz and Stegun's 7.1.26, off by
    /// at most 1.5e-7; using it as it stands on the negative side leaves no difference of nearly equal numbers there.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector Distribution<TSimd, TVector>(TVector input, out TVector bell)
        where TSimd : ISimd<TVector>
        where TVector : struct
    {
        TVector one = TSimd.Broadcast(1);
        TVector zero = TSimd.Broadcast(0);
        TVector scaled = TSimd.Multiply(TSimd.Abs(input), TSimd.Broadcast(InverseRootOfTwo));
        bell = TSimd.Exp(TSimd.Subtract(zero, TSimd.Multiply(scaled, scaled)));
        TVector t = TSimd.Divide(one, TSimd.MultiplyAdd(scaled, TSimd.Broadcast(0.3275911f), one));
        TVector series = TSimd.MultiplyAdd(TSimd.Broadcast(1.061405429f), t, TSimd.Broadcast(-1.453152027f));
        series = TSimd.MultiplyAdd(series, t, TSimd.Broadcast(1.421413741f));
        series = TSimd.MultiplyAdd(series, t, TSimd.Broadcast(-0.284496736f));
        series = TSimd.MultiplyAdd(series, t, TSimd.Broadcast(0.254829592f));
        TVector tail = TSimd.Multiply(TSimd.Multiply(TSimd.Multiply(series, t), bell), TSimd.Broadcast(0.5f));
        return TSimd.SelectGreater(zero, input, tail, TSimd.Subtract(one, tail));
    }
}
