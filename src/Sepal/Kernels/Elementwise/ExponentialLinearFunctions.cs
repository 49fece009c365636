using System.Runtime.CompilerServices;
using Sepal.Kernels.Simd;

namespace Sepal.Kernels.Elementwise;

/// <summary><c>x</c> where positive, <c>α(e^x − 1)</c> elsewhere.</summary>
internal readonly struct Elu(float alpha) : IUnaryFunction
{
    public bool GradientReadsOutput => false;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TVector Apply<TSimd, TVector>(TVector input)
        where TSimd : ISimd<TVector>
        where TVector : struct =>
        TSimd.SelectGreater(
            TSimd.Broadcast(0), input, TSimd.Multiply(Powers.MinusOne<TSimd, TVector>(input), TSimd.Broadcast(alpha)), input);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TVector Gradient<TSimd, TVector>(TVector kept, TVector outputGradient)
        where TSimd : ISimd<TVector>
        where TVector : struct
    {
        TVector curved = TSimd.Multiply(TSimd.Multiply(outputGradient, TSimd.Broadcast(alpha)), TSimd.Exp(kept));
        return TSimd.SelectGreater(kept, TSimd.Broadcast(0), outputGradient, curved);
    }
}

/// <summary><c>γ·x</c> where positive, <c>γα(e^x − 1)</c> elsewhere.</summary>
internal readonly struct Selu(float alpha, float gamma) : IUnaryFunction
{
    public bool GradientReadsOutput => false;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TVector Apply<TSimd, TVector>(TVector input)
        where TSimd : ISimd<TVector>
        where TVector : struct =>
        TSimd.Multiply(new Elu(alpha).Apply<TSimd, TVector>(input), TSimd.Broadcast(gamma));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TVector Gradient<TSimd, TVector>(TVector kept, TVector outputGradient)
        where TSimd : ISimd<TVector>
        where TVector : struct =>
        new Elu(alpha).Gradient<TSimd, TVector>(kept, TSimd.Multiply(outputGradient, TSimd.Broadcast(gamma)));
}

/// <summary><c>ln(1 + e^x)</c>, as <c>max(x, 0) + ln(1 + e^−|x|)</c>, which does not overflow.</summary>
internal readonly struct Softplus : IUnaryFunction
{
    public bool GradientReadsOutput => false;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TVector Apply<TSimd, TVector>(TVector input)
        where TSimd : ISimd<TVector>
        where TVector : struct
    {
        TVector zero = TSimd.Broadcast(0);
        TVector one = TSimd.Broadcast(1);
        TVector power = TSimd.Exp(TSimd.Subtract(zero, TSimd.Abs(input)));

        // 1 + power is rounded; dividing by what was really added and multiplying by what should have been mends that (Kahan).
        TVector sum = TSimd.Add(one, power);
        TVector mended = TSimd.Divide(TSimd.Multiply(TSimd.Log(sum), power), TSimd.Subtract(sum, one));
        return TSimd.Add(TSimd.SelectGreater(zero, input, zero, input), TSimd.SelectEqual(sum, one, power, mended));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TVector Gradient<TSimd, TVector>(TVector kept, TVector outputGradient)
        where TSimd : ISimd<TVector>
        where TVector : struct =>
        TSimd.Multiply(outputGradient, default(Sigmoid).Apply<TSimd, TVector>(kept));
}

/// <summary><c>x · tanh(ln(1 + e^x))</c> (arXiv 1908.08681).</summary>
internal readonly struct Mish : IUnaryFunction
{
    public bool GradientReadsOutput => false;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TVector Apply<TSimd, TVector>(TVector input)
        where TSimd : ISimd<TVector>
        where TVector : struct =>
        TSimd.Multiply(input, Share<TSimd, TVector>(input));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TVector Gradient<TSimd, TVector>(TVector kept, TVector outputGradient)
        where TSimd : ISimd<TVector>
        where TVector : struct
    {
        TVector one = TSimd.Broadcast(1);
        TVector share = Share<TSimd, TVector>(kept);
        TVector slope = TSimd.Multiply(
            TSimd.Subtract(one, TSimd.Multiply(share, share)), default(Sigmoid).Apply<TSimd, TVector>(kept));
        return TSimd.Multiply(outputGradient, TSimd.MultiplyAdd(kept, slope, share));
    }

    /// <summary>The hyperbolic tangent of softplus: with p = e^x it is p(p + 2) / (p(p + 2) + 2), and 1 from x = 20 on.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector Share<TSimd, TVector>(TVector input)
        where TSimd : ISimd<TVector>
        where TVector : struct
    {
        TVector two = TSimd.Broadcast(2);
        TVector most = TSimd.Broadcast(20);
        TVector power = TSimd.Exp(TSimd.SelectGreater(input, most, most, input));
        TVector product = TSimd.Multiply(power, TSimd.Add(power, two));
        return TSimd.Divide(product, TSimd.Add(product, two));
    }
}

/// <summary>What functions of e^x share.</summary>
internal static class Powers
{
    /// <summary><c>e^x − 1</c> as <c>tanh(x/2)·(e^x + 1)</c>: near zero the difference would cancel.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector MinusOne<TSimd, TVector>(TVector input)
        where TSimd : ISimd<TVector>
        where TVector : struct =>
        TSimd.Multiply(
            default(Tanh).Apply<TSimd, TVector>(TSimd.Multiply(input, TSimd.Broadcast(0.5f))),
            TSimd.Add(TSimd.Exp(input), TSimd.Broadcast(1)));
}
