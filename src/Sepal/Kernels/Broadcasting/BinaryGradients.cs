using System.Runtime.CompilerServices;
using Sepal.Kernels.Simd;

namespace Sepal.Kernels.Broadcasting;

/// <summary>The gradient of a function of two numbers by one of them, for every vector width.</summary>
internal interface IBinaryGradient
{
    static abstract TVector Apply<TSimd, TVector>(TVector left, TVector right, TVector outputGradient)
        where TSimd : ISimd<TVector>
        where TVector : struct;
}

/// <summary>By the right operand of a difference: <c>−dy</c>.</summary>
internal readonly struct NegatedGradient : IBinaryGradient
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Apply<TSimd, TVector>(TVector left, TVector right, TVector outputGradient)
        where TSimd : ISimd<TVector>
        where TVector : struct =>
        TSimd.Multiply(outputGradient, TSimd.Broadcast(-1));
}

/// <summary>By the dividend: <c>dy / right</c>.</summary>
internal readonly struct DividendGradient : IBinaryGradient
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Apply<TSimd, TVector>(TVector left, TVector right, TVector outputGradient)
        where TSimd : ISimd<TVector>
        where TVector : struct =>
        TSimd.Divide(outputGradient, right);
}

/// <summary>By the divisor: <c>−dy · left / right²</c>.</summary>
internal readonly struct DivisorGradient : IBinaryGradient
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Apply<TSimd, TVector>(TVector left, TVector right, TVector outputGradient)
        where TSimd : ISimd<TVector>
        where TVector : struct =>
        TSimd.Multiply(
            TSimd.Divide(outputGradient, right), TSimd.Divide(TSimd.Multiply(left, TSimd.Broadcast(-1)), right));
}

/// <summary>By the left operand of a minimum, which has the gradient where both are equal.</summary>
internal readonly struct LeftLesserGradient : IBinaryGradient
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Apply<TSimd, TVector>(TVector left, TVector right, TVector outputGradient)
        where TSimd : ISimd<TVector>
        where TVector : struct =>
        TSimd.SelectGreater(left, right, TSimd.Broadcast(0), outputGradient);
}

/// <summary>By the right operand of a minimum.</summary>
internal readonly struct RightLesserGradient : IBinaryGradient
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Apply<TSimd, TVector>(TVector left, TVector right, TVector outputGradient)
        where TSimd : ISimd<TVector>
        where TVector : struct =>
        TSimd.SelectGreater(left, right, outputGradient, TSimd.Broadcast(0));
}

/// <summary>By the left operand of a maximum, which has the gradient where both are equal.</summary>
internal readonly struct LeftGreaterGradient : IBinaryGradient
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Apply<TSimd, TVector>(TVector left, TVector right, TVector outputGradient)
        where TSimd : ISimd<TVector>
        where TVector : struct =>
        TSimd.SelectGreater(right, left, TSimd.Broadcast(0), outputGradient);
}

/// <summary>By the right operand of a maximum.</summary>
internal readonly struct RightGreaterGradient : IBinaryGradient
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Apply<TSimd, TVector>(TVector left, TVector right, TVector outputGradient)
        where TSimd : ISimd<TVector>
        where TVector : struct =>
        TSimd.SelectGreater(right, left, outputGradient, TSimd.Broadcast(0));
}

/// <summary>By the base of a power: <c>dy · right · left^(right − 1)</c>, and zero where the exponent is.</summary>
internal readonly struct BaseGradient : IBinaryGradient
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Apply<TSimd, TVector>(TVector left, TVector right, TVector outputGradient)
        where TSimd : ISimd<TVector>
        where TVector : struct
    {
        TVector zero = TSimd.Broadcast(0);
        TVector lower = TSimd.Power(left, TSimd.Subtract(right, TSimd.Broadcast(1)));
        TVector slope = TSimd.SelectEqual(right, zero, zero, TSimd.Multiply(right, lower));
        return TSimd.Multiply(outputGradient, slope);
    }
}

/// <summary>By the exponent of a power: <c>dy · left^right · ln left</c>, and zero where the base is not positive.</summary>
internal readonly struct ExponentGradient : IBinaryGradient
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Apply<TSimd, TVector>(TVector left, TVector right, TVector outputGradient)
        where TSimd : ISimd<TVector>
        where TVector : struct
    {
        TVector zero = TSimd.Broadcast(0);
        TVector slope = TSimd.Multiply(TSimd.Power(left, right), TSimd.Log(left));
        return TSimd.Multiply(outputGradient, TSimd.SelectGreater(left, zero, slope, zero));
    }
}

/// <summary>By the input of a parametric ReLU.</summary>
internal readonly struct ParametricReluGradient : IBinaryGradient
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Apply<TSimd, TVector>(TVector left, TVector right, TVector outputGradient)
        where TSimd : ISimd<TVector>
        where TVector : struct =>
        TSimd.SelectGreater(
            left, TSimd.Broadcast(0), outputGradient, TSimd.Multiply(outputGradient, right));
}

/// <summary>By the slope of a parametric ReLU.</summary>
internal readonly struct SlopeGradient : IBinaryGradient
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Apply<TSimd, TVector>(TVector left, TVector right, TVector outputGradient)
        where TSimd : ISimd<TVector>
        where TVector : struct =>
        TSimd.SelectGreater(
            left, TSimd.Broadcast(0), TSimd.Broadcast(0), TSimd.Multiply(outputGradient, left));
}
