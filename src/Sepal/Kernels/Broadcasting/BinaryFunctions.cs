using System.Runtime.CompilerServices;
using Sepal.Kernels.Simd;

namespace Sepal.Kernels.Broadcasting;

/// <summary>A function of two numbers, for every vector width.</summary>
internal interface IBinaryFunction
{
    static abstract TVector Apply<TSimd, TVector>(TVector left, TVector right)
        where TSimd : ISimd<TVector>
        where TVector : struct;
}

/// <summary>The sum.</summary>
internal readonly struct Sum : IBinaryFunction
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Apply<TSimd, TVector>(TVector left, TVector right)
        where TSimd : ISimd<TVector>
        where TVector : struct => TSimd.Add(left, right);
}

/// <summary>The difference.</summary>
internal readonly struct Difference : IBinaryFunction
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Apply<TSimd, TVector>(TVector left, TVector right)
        where TSimd : ISimd<TVector>
        where TVector : struct => TSimd.Subtract(left, right);
}

/// <summary>The product.</summary>
internal readonly struct Product : IBinaryFunction
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Apply<TSimd, TVector>(TVector left, TVector right)
        where TSimd : ISimd<TVector>
        where TVector : struct => TSimd.Multiply(left, right);
}

/// <summary>The quotient.</summary>
internal readonly struct Quotient : IBinaryFunction
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Apply<TSimd, TVector>(TVector left, TVector right)
        where TSimd : ISimd<TVector>
        where TVector : struct => TSimd.Divide(left, right);
}

/// <summary>The smaller number; a NaN in either gives NaN.</summary>
internal readonly struct Lesser : IBinaryFunction
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Apply<TSimd, TVector>(TVector left, TVector right)
        where TSimd : ISimd<TVector>
        where TVector : struct => TSimd.Min(left, right);
}

/// <summary>The larger number; a NaN in either gives NaN.</summary>
internal readonly struct Greater : IBinaryFunction
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Apply<TSimd, TVector>(TVector left, TVector right)
        where TSimd : ISimd<TVector>
        where TVector : struct => TSimd.Max(left, right);
}

/// <summary>The left number to the power of the right one.</summary>
internal readonly struct Power : IBinaryFunction
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Apply<TSimd, TVector>(TVector left, TVector right)
        where TSimd : ISimd<TVector>
        where TVector : struct => TSimd.Power(left, right);
}

/// <summary>The left number where it is not negative, and elsewhere times the right one.</summary>
internal readonly struct ParametricRelu : IBinaryFunction
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Apply<TSimd, TVector>(TVector left, TVector right)
        where TSimd : ISimd<TVector>
        where TVector : struct =>
        TSimd.SelectGreater(TSimd.Broadcast(0), left, TSimd.Multiply(left, right), left);
}
