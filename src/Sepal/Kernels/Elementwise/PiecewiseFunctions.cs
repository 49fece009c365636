using System.Runtime.CompilerServices;
using Sepal.Kernels.Simd;

namespace Sepal.Kernels.Elementwise;

// Comparisons are written so that a NaN, which is neither greater nor less, falls through to itself.

/// <summary><c>max(x, 0)</c>.</summary>
internal readonly struct Relu : IUnaryFunction
{
    public bool GradientReadsOutput => true;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TVector Apply<TSimd, TVector>(TVector input)
        where TSimd : ISimd<TVector>
        where TVector : struct
    {
        TVector zero = TSimd.Broadcast(0);
        return TSimd.SelectGreater(zero, input, zero, input);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TVector Gradient<TSimd, TVector>(TVector kept, TVector outputGradient)
        where TSimd : ISimd<TVector>
        where TVector : struct
    {
        TVector zero = TSimd.Broadcast(0);
        return TSimd.SelectGreater(kept, zero, outputGradient, zero);
    }
}

/// <summary><c>min(max(x, 0), 6)</c>.</summary>
internal readonly struct Relu6 : IUnaryFunction
{
    public bool GradientReadsOutput => true;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TVector Apply<TSimd, TVector>(TVector input)
        where TSimd : ISimd<TVector>
        where TVector : struct => Between.Clamp<TSimd, TVector>(input, TSimd.Broadcast(0), TSimd.Broadcast(6));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TVector Gradient<TSimd, TVector>(TVector kept, TVector outputGradient)
        where TSimd : ISimd<TVector>
        where TVector : struct =>
        Between.Select<TSimd, TVector>(kept, TSimd.Broadcast(0), TSimd.Broadcast(6), outputGradient);
}

/// <summary><c>min(max(slope·x + offset, 0), 1)</c>.</summary>
internal readonly struct HardSigmoid(float slope, float offset) : IUnaryFunction
{
    public bool GradientReadsOutput => true;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TVector Apply<TSimd, TVector>(TVector input)
        where TSimd : ISimd<TVector>
        where TVector : struct =>
        Between.Clamp<TSimd, TVector>(
            TSimd.MultiplyAdd(input, TSimd.Broadcast(slope), TSimd.Broadcast(offset)), TSimd.Broadcast(0), TSimd.Broadcast(1));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TVector Gradient<TSimd, TVector>(TVector kept, TVector outputGradient)
        where TSimd : ISimd<TVector>
        where TVector : struct =>
        Between.Select<TSimd, TVector>(
            kept, TSimd.Broadcast(0), TSimd.Broadcast(1), TSimd.Multiply(outputGradient, TSimd.Broadcast(slope)));
}

/// <summary><c>x · min(max(x / 6 + 1/2, 0), 1)</c>.</summary>
internal readonly struct HardSwish : IUnaryFunction
{
    public bool GradientReadsOutput => false;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TVector Apply<TSimd, TVector>(TVector input)
        where TSimd : ISimd<TVector>
        where TVector : struct => TSimd.Multiply(input, new HardSigmoid(1f / 6, 0.5f).Apply<TSimd, TVector>(input));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TVector Gradient<TSimd, TVector>(TVector kept, TVector outputGradient)
        where TSimd : ISimd<TVector>
        where TVector : struct
    {
        TVector slope = TSimd.MultiplyAdd(kept, TSimd.Broadcast(1f / 3), TSimd.Broadcast(0.5f));
        TVector curved = TSimd.Multiply(outputGradient, slope);
        TVector right = TSimd.SelectGreater(TSimd.Broadcast(3), kept, curved, outputGradient);
        return TSimd.SelectGreater(kept, TSimd.Broadcast(-3), right, TSimd.Broadcast(0));
    }
}

/// <summary><c>x</c> where positive, <c>slope·x</c> elsewhere.</summary>
internal readonly struct LeakyRelu(float slope) : IUnaryFunction
{
    /// <summary>A negative slope would hide the input's sign.</summary>
    public bool GradientReadsOutput => slope >= 0;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TVector Apply<TSimd, TVector>(TVector input)
        where TSimd : ISimd<TVector>
        where TVector : struct =>
        TSimd.SelectGreater(TSimd.Broadcast(0), input, TSimd.Multiply(input, TSimd.Broadcast(slope)), input);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TVector Gradient<TSimd, TVector>(TVector kept, TVector outputGradient)
        where TSimd : ISimd<TVector>
        where TVector : struct =>
        TSimd.SelectGreater(
            kept, TSimd.Broadcast(0), outputGradient, TSimd.Multiply(outputGradient, TSimd.Broadcast(slope)));
}

/// <summary><c>min(max(x, low), high)</c>; where the bounds cross, the upper one holds.</summary>
internal readonly struct Clip(float low, float high) : IUnaryFunction
{
    public bool GradientReadsOutput => true;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TVector Apply<TSimd, TVector>(TVector input)
        where TSimd : ISimd<TVector>
        where TVector : struct
    {
        TVector lower = TSimd.Broadcast(low);
        TVector upper = TSimd.Broadcast(high);
        TVector raised = TSimd.SelectGreater(lower, input, lower, input);
        return TSimd.SelectGreater(raised, upper, upper, raised);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TVector Gradient<TSimd, TVector>(TVector kept, TVector outputGradient)
        where TSimd : ISimd<TVector>
        where TVector : struct =>
        Between.Select<TSimd, TVector>(kept, TSimd.Broadcast(low), TSimd.Broadcast(high), outputGradient);
}

/// <summary>What the functions with two kinks share.</summary>
internal static class Between
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Clamp<TSimd, TVector>(TVector value, TVector low, TVector high)
        where TSimd : ISimd<TVector>
        where TVector : struct =>
        TSimd.SelectGreater(low, value, low, TSimd.SelectGreater(value, high, high, value));

    /// <summary><paramref name="whenInside"/> strictly between the bounds, zero elsewhere.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Select<TSimd, TVector>(TVector value, TVector low, TVector high, TVector whenInside)
        where TSimd : ISimd<TVector>
        where TVector : struct
    {
        TVector zero = TSimd.Broadcast(0);
        return TSimd.SelectGreater(value, low, TSimd.SelectGreater(high, value, whenInside, zero), zero);
    }
}
