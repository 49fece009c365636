using System.Runtime.CompilerServices;
using Sepal.Kernels.Simd;

namespace Sepal.Kernels.Elementwise;

/// <summary>The error function: its Taylor series near zero, Abramowitz and Stegun's 7.1.26 elsewhere, off by at most 1.5e-7.</summary>
internal readonly struct Erf : IUnaryFunction
{
    /// <summary>2/√π.</summary>
    private const float Slope = 1.12837917f;

    public bool GradientReadsOutput => false;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TVector Apply<TSimd, TVector>(TVector input)
        where TSimd : ISimd<TVector>
        where TVector : struct
    {
        TVector one = TSimd.Broadcast(1);
        TVector zero = TSimd.Broadcast(0);
        TVector size = TSimd.Abs(input);
        TVector square = TSimd.Multiply(input, input);
        TVector series = TSimd.MultiplyAdd(TSimd.Broadcast(-1f / 1320), square, TSimd.Broadcast(1f / 216));
        series = TSimd.MultiplyAdd(series, square, TSimd.Broadcast(-1f / 42));
        series = TSimd.MultiplyAdd(series, square, TSimd.Broadcast(1f / 10));
        series = TSimd.MultiplyAdd(series, square, TSimd.Broadcast(-1f / 3));
        TVector near = TSimd.Multiply(TSimd.MultiplyAdd(TSimd.Multiply(series, square), input, input), TSimd.Broadcast(Slope));

        TVector t = TSimd.Divide(one, TSimd.MultiplyAdd(size, TSimd.Broadcast(0.3275911f), one));
        TVector tail = TSimd.MultiplyAdd(TSimd.Broadcast(1.061405429f), t, TSimd.Broadcast(-1.453152027f));
        tail = TSimd.MultiplyAdd(tail, t, TSimd.Broadcast(1.421413741f));
        tail = TSimd.MultiplyAdd(tail, t, TSimd.Broadcast(-0.284496736f));
        tail = TSimd.MultiplyAdd(tail, t, TSimd.Broadcast(0.254829592f));
        TVector far = TSimd.Subtract(one, TSimd.Multiply(TSimd.Multiply(tail, t), TSimd.Exp(TSimd.Subtract(zero, square))));
        far = TSimd.SelectGreater(zero, input, TSimd.Subtract(zero, far), far);
        return TSimd.SelectGreater(TSimd.Broadcast(0.5f), size, near, far);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TVector Gradient<TSimd, TVector>(TVector kept, TVector outputGradient)
        where TSimd : ISimd<TVector>
        where TVector : struct
    {
        TVector bell = TSimd.Exp(TSimd.Subtract(TSimd.Broadcast(0), TSimd.Multiply(kept, kept)));
        return TSimd.Multiply(outputGradient, TSimd.Multiply(bell, TSimd.Broadcast(Slope)));
    }
}

/// <summary><c>x/2 · (1 + tanh(u))</c> with <c>u = √(2/π)·(x + 0.044715·x³)</c>, as <c>x · sigmoid(2u)</c>, which does not cancel.</summary>
internal readonly struct TanhGelu : IUnaryFunction
{
    /// <summary>2·√(2/π).</summary>
    private const float TwiceRoot = 1.59576912f;

    private const float Cubic = 0.044715f;

    public bool GradientReadsOutput => false;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TVector Apply<TSimd, TVector>(TVector input)
        where TSimd : ISimd<TVector>
        where TVector : struct =>
        TSimd.Multiply(input, Share<TSimd, TVector>(input, out _));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TVector Gradient<TSimd, TVector>(TVector kept, TVector outputGradient)
        where TSimd : ISimd<TVector>
        where TVector : struct
    {
        TVector one = TSimd.Broadcast(1);
        TVector share = Share<TSimd, TVector>(kept, out TVector square);
        TVector inner = TSimd.MultiplyAdd(square, TSimd.Broadcast(TwiceRoot * 3 * Cubic), TSimd.Broadcast(TwiceRoot));
        TVector slope = TSimd.Multiply(TSimd.Multiply(share, TSimd.Subtract(one, share)), inner);
        return TSimd.Multiply(outputGradient, TSimd.MultiplyAdd(kept, slope, share));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector Share<TSimd, TVector>(TVector input, out TVector square)
        where TSimd : ISimd<TVector>
        where TVector : struct
    {
        square = TSimd.Multiply(input, input);
        TVector factor = TSimd.MultiplyAdd(square, TSimd.Broadcast(TwiceRoot * Cubic), TSimd.Broadcast(TwiceRoot));
        return default(Sigmoid).Apply<TSimd, TVector>(TSimd.Multiply(factor, input));
    }
}
