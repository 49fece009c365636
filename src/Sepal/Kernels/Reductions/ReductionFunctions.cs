using System.Runtime.CompilerServices;
using Sepal.Kernels.Simd;

namespace Sepal.Kernels.Reductions;

/// <summary>
/// A way to make one number of many, for every vector width. <c>shift</c> is a number for each result that is known before, and
/// zero where there is none.
/// </summary>
internal interface IReductionFunction
{
    /// <summary>What a total starts from, and is for no elements.</summary>
    static abstract float Start { get; }

    static abstract TVector Accumulate<TSimd, TVector>(TVector total, TVector value, TVector shift)
        where TSimd : ISimd<TVector>
        where TVector : struct;

    static abstract TVector Combine<TSimd, TVector>(TVector left, TVector right)
        where TSimd : ISimd<TVector>
        where TVector : struct;

    static abstract TVector Finish<TSimd, TVector>(TVector total, TVector count, TVector shift)
        where TSimd : ISimd<TVector>
        where TVector : struct;
}

/// <summary>The mean.</summary>
internal readonly struct MeanReduction : IReductionFunction
{
    public static float Start => 0;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Accumulate<TSimd, TVector>(TVector total, TVector value, TVector shift)
        where TSimd : ISimd<TVector>
        where TVector : struct => TSimd.Add(total, value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Combine<TSimd, TVector>(TVector left, TVector right)
        where TSimd : ISimd<TVector>
        where TVector : struct => TSimd.Add(left, right);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Finish<TSimd, TVector>(TVector total, TVector count, TVector shift)
        where TSimd : ISimd<TVector>
        where TVector : struct => TSimd.Divide(total, count);
}

/// <summary>The sum.</summary>
internal readonly struct SumReduction : IReductionFunction
{
    public static float Start => 0;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Accumulate<TSimd, TVector>(TVector total, TVector value, TVector shift)
        where TSimd : ISimd<TVector>
        where TVector : struct => TSimd.Add(total, value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Combine<TSimd, TVector>(TVector left, TVector right)
        where TSimd : ISimd<TVector>
        where TVector : struct => TSimd.Add(left, right);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Finish<TSimd, TVector>(TVector total, TVector count, TVector shift)
        where TSimd : ISimd<TVector>
        where TVector : struct => total;
}

/// <summary>The largest; a NaN gives NaN.</summary>
internal readonly struct MaximumReduction : IReductionFunction
{
    public static float Start => float.NegativeInfinity;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Accumulate<TSimd, TVector>(TVector total, TVector value, TVector shift)
        where TSimd : ISimd<TVector>
        where TVector : struct => TSimd.Max(total, value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Combine<TSimd, TVector>(TVector left, TVector right)
        where TSimd : ISimd<TVector>
        where TVector : struct => TSimd.Max(left, right);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Finish<TSimd, TVector>(TVector total, TVector count, TVector shift)
        where TSimd : ISimd<TVector>
        where TVector : struct => total;
}

/// <summary>The smallest; a NaN gives NaN.</summary>
internal readonly struct MinimumReduction : IReductionFunction
{
    public static float Start => float.PositiveInfinity;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Accumulate<TSimd, TVector>(TVector total, TVector value, TVector shift)
        where TSimd : ISimd<TVector>
        where TVector : struct => TSimd.Min(total, value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Combine<TSimd, TVector>(TVector left, TVector right)
        where TSimd : ISimd<TVector>
        where TVector : struct => TSimd.Min(left, right);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Finish<TSimd, TVector>(TVector total, TVector count, TVector shift)
        where TSimd : ISimd<TVector>
        where TVector : struct => total;
}

/// <summary>The product.</summary>
internal readonly struct ProductReduction : IReductionFunction
{
    public static float Start => 1;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Accumulate<TSimd, TVector>(TVector total, TVector value, TVector shift)
        where TSimd : ISimd<TVector>
        where TVector : struct => TSimd.Multiply(total, value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Combine<TSimd, TVector>(TVector left, TVector right)
        where TSimd : ISimd<TVector>
        where TVector : struct => TSimd.Multiply(left, right);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Finish<TSimd, TVector>(TVector total, TVector count, TVector shift)
        where TSimd : ISimd<TVector>
        where TVector : struct => total;
}

/// <summary>The sum of absolute values.</summary>
internal readonly struct AbsoluteSumReduction : IReductionFunction
{
    public static float Start => 0;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Accumulate<TSimd, TVector>(TVector total, TVector value, TVector shift)
        where TSimd : ISimd<TVector>
        where TVector : struct => TSimd.Add(total, TSimd.Abs(value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Combine<TSimd, TVector>(TVector left, TVector right)
        where TSimd : ISimd<TVector>
        where TVector : struct => TSimd.Add(left, right);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Finish<TSimd, TVector>(TVector total, TVector count, TVector shift)
        where TSimd : ISimd<TVector>
        where TVector : struct => total;
}

/// <summary>The root of the sum of squares.</summary>
internal readonly struct EuclideanReduction : IReductionFunction
{
    public static float Start => 0;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Accumulate<TSimd, TVector>(TVector total, TVector value, TVector shift)
        where TSimd : ISimd<TVector>
        where TVector : struct => TSimd.MultiplyAdd(value, value, total);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Combine<TSimd, TVector>(TVector left, TVector right)
        where TSimd : ISimd<TVector>
        where TVector : struct => TSimd.Add(left, right);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Finish<TSimd, TVector>(TVector total, TVector count, TVector shift)
        where TSimd : ISimd<TVector>
        where TVector : struct => TSimd.SquareRoot(total);
}

/// <summary>The sum of squares.</summary>
internal readonly struct SquareSumReduction : IReductionFunction
{
    public static float Start => 0;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Accumulate<TSimd, TVector>(TVector total, TVector value, TVector shift)
        where TSimd : ISimd<TVector>
        where TVector : struct => TSimd.MultiplyAdd(value, value, total);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Combine<TSimd, TVector>(TVector left, TVector right)
        where TSimd : ISimd<TVector>
        where TVector : struct => TSimd.Add(left, right);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Finish<TSimd, TVector>(TVector total, TVector count, TVector shift)
        where TSimd : ISimd<TVector>
        where TVector : struct => total;
}

/// <summary>The logarithm of the sum.</summary>
internal readonly struct LogarithmOfSumReduction : IReductionFunction
{
    public static float Start => 0;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Accumulate<TSimd, TVector>(TVector total, TVector value, TVector shift)
        where TSimd : ISimd<TVector>
        where TVector : struct => TSimd.Add(total, value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Combine<TSimd, TVector>(TVector left, TVector right)
        where TSimd : ISimd<TVector>
        where TVector : struct => TSimd.Add(left, right);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Finish<TSimd, TVector>(TVector total, TVector count, TVector shift)
        where TSimd : ISimd<TVector>
        where TVector : struct => TSimd.Log(total);
}

/// <summary>The logarithm of the sum of powers of e, of which the largest are shifted to 1.</summary>
internal readonly struct LogarithmOfPowersReduction : IReductionFunction
{
    public static float Start => 0;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Accumulate<TSimd, TVector>(TVector total, TVector value, TVector shift)
        where TSimd : ISimd<TVector>
        where TVector : struct => TSimd.Add(total, TSimd.Exp(TSimd.Subtract(value, Finite<TSimd, TVector>(shift))));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Combine<TSimd, TVector>(TVector left, TVector right)
        where TSimd : ISimd<TVector>
        where TVector : struct => TSimd.Add(left, right);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Finish<TSimd, TVector>(TVector total, TVector count, TVector shift)
        where TSimd : ISimd<TVector>
        where TVector : struct => TSimd.Add(TSimd.Log(total), Finite<TSimd, TVector>(shift));

    /// <summary>Nothing is shifted by an infinity: the difference of two is not a number.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector Finite<TSimd, TVector>(TVector shift)
        where TSimd : ISimd<TVector>
        where TVector : struct =>
        TSimd.SelectEqual(TSimd.Abs(shift), TSimd.Broadcast(float.PositiveInfinity), TSimd.Broadcast(0), shift);
}
