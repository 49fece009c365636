using System.Runtime.CompilerServices;
using Sepal.Kernels.Simd;

namespace Sepal.Kernels.Elementwise;

/// <summary><c>e^x</c>.</summary>
internal readonly struct Exponential : IUnaryFunction
{
    public bool GradientReadsOutput => true;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TVector Apply<TSimd, TVector>(TVector input)
        where TSimd : ISimd<TVector>
        where TVector : struct =>
        TSimd.Exp(input);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TVector Gradient<TSimd, TVector>(TVector kept, TVector outputGradient)
        where TSimd : ISimd<TVector>
        where TVector : struct =>
        TSimd.Multiply(outputGradient, kept);
}

/// <summary>The natural logarithm.</summary>
internal readonly struct Logarithm : IUnaryFunction
{
    public bool GradientReadsOutput => false;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TVector Apply<TSimd, TVector>(TVector input)
        where TSimd : ISimd<TVector>
        where TVector : struct =>
        TSimd.Log(input);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TVector Gradient<TSimd, TVector>(TVector kept, TVector outputGradient)
        where TSimd : ISimd<TVector>
        where TVector : struct =>
        TSimd.Divide(outputGradient, kept);
}

/// <summary>The square root.</summary>
internal readonly struct SquareRoot : IUnaryFunction
{
    public bool GradientReadsOutput => true;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TVector Apply<TSimd, TVector>(TVector input)
        where TSimd : ISimd<TVector>
        where TVector : struct =>
        TSimd.SquareRoot(input);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TVector Gradient<TSimd, TVector>(TVector kept, TVector outputGradient)
        where TSimd : ISimd<TVector>
        where TVector : struct =>
        TSimd.Divide(outputGradient, TSimd.Add(kept, kept));
}

/// <summary><c>1 / x</c>.</summary>
internal readonly struct Reciprocal : IUnaryFunction
{
    public bool GradientReadsOutput => true;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TVector Apply<TSimd, TVector>(TVector input)
        where TSimd : ISimd<TVector>
        where TVector : struct =>
        TSimd.Divide(TSimd.Broadcast(1), input);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TVector Gradient<TSimd, TVector>(TVector kept, TVector outputGradient)
        where TSimd : ISimd<TVector>
        where TVector : struct =>
        TSimd.Multiply(TSimd.Multiply(outputGradient, TSimd.Broadcast(-1)), TSimd.Multiply(kept, kept));
}
