using System.Runtime.CompilerServices;
using Sepal.Kernels.Simd;

namespace Sepal.Kernels.Elementwise;

/// <summary>The absolute value; its gradient at zero is zero.</summary>
internal readonly struct Abs : IUnaryFunction
{
    public bool GradientReadsOutput => false;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TVector Apply<TSimd, TVector>(TVector input)
        where TSimd : ISimd<TVector>
        where TVector : struct => TSimd.Abs(input);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TVector Gradient<TSimd, TVector>(TVector kept, TVector outputGradient)
        where TSimd : ISimd<TVector>
        where TVector : struct =>
        TSimd.Multiply(outputGradient, default(Sign).Apply<TSimd, TVector>(kept));
}

/// <summary><c>−x</c>.</summary>
internal readonly struct Negate : IUnaryFunction
{
    public bool GradientReadsOutput => true;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TVector Apply<TSimd, TVector>(TVector input)
        where TSimd : ISimd<TVector>
        where TVector : struct => TSimd.Multiply(input, TSimd.Broadcast(-1));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TVector Gradient<TSimd, TVector>(TVector kept, TVector outputGradient)
        where TSimd : ISimd<TVector>
        where TVector : struct => TSimd.Multiply(outputGradient, TSimd.Broadcast(-1));
}

/// <summary>−1, 0 or 1.</summary>
internal readonly struct Sign : IUnaryFunction
{
    public bool GradientReadsOutput => true;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TVector Apply<TSimd, TVector>(TVector input)
        where TSimd : ISimd<TVector>
        where TVector : struct
    {
        TVector zero = TSimd.Broadcast(0);
        TVector below = TSimd.SelectGreater(zero, input, TSimd.Broadcast(-1), input);
        return TSimd.SelectGreater(input, zero, TSimd.Broadcast(1), below);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TVector Gradient<TSimd, TVector>(TVector kept, TVector outputGradient)
        where TSimd : ISimd<TVector>
        where TVector : struct => TSimd.Broadcast(0);
}

/// <summary>The next whole number below.</summary>
internal readonly struct Floor : IUnaryFunction
{
    public bool GradientReadsOutput => true;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TVector Apply<TSimd, TVector>(TVector input)
        where TSimd : ISimd<TVector>
        where TVector : struct => TSimd.Floor(input);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TVector Gradient<TSimd, TVector>(TVector kept, TVector outputGradient)
        where TSimd : ISimd<TVector>
        where TVector : struct => TSimd.Broadcast(0);
}

/// <summary>The next whole number above.</summary>
internal readonly struct Ceiling : IUnaryFunction
{
    public bool GradientReadsOutput => true;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TVector Apply<TSimd, TVector>(TVector input)
        where TSimd : ISimd<TVector>
        where TVector : struct => TSimd.Ceiling(input);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TVector Gradient<TSimd, TVector>(TVector kept, TVector outputGradient)
        where TSimd : ISimd<TVector>
        where TVector : struct => TSimd.Broadcast(0);
}

/// <summary>The nearest whole number; of two equally near ones the even one.</summary>
internal readonly struct Round : IUnaryFunction
{
    public bool GradientReadsOutput => true;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TVector Apply<TSimd, TVector>(TVector input)
        where TSimd : ISimd<TVector>
        where TVector : struct => TSimd.Round(input);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TVector Gradient<TSimd, TVector>(TVector kept, TVector outputGradient)
        where TSimd : ISimd<TVector>
        where TVector : struct => TSimd.Broadcast(0);
}
