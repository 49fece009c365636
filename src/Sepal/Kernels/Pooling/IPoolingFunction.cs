using System.Runtime.CompilerServices;
using Sepal.Kernels.Simd;

namespace Sepal.Kernels.Pooling;

/// <summary>What a window's elements are folded by.</summary>
internal interface IPoolingFunction
{
    /// <summary>What the fold begins with.</summary>
    static abstract float Start { get; }

    static abstract TVector Fold<TSimd, TVector>(TVector folded, TVector next)
        where TSimd : ISimd<TVector>
        where TVector : struct;

    /// <summary>The result, given how many elements were folded.</summary>
    static abstract TVector Finish<TSimd, TVector>(TVector folded, int count)
        where TSimd : ISimd<TVector>
        where TVector : struct;
}

/// <summary>The largest element; a NaN anywhere gives NaN.</summary>
internal readonly struct MaximumFunction : IPoolingFunction
{
    public static float Start => float.NegativeInfinity;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Fold<TSimd, TVector>(TVector folded, TVector next)
        where TSimd : ISimd<TVector>
        where TVector : struct => TSimd.Max(folded, next);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Finish<TSimd, TVector>(TVector folded, int count)
        where TSimd : ISimd<TVector>
        where TVector : struct => folded;
}

/// <summary>The mean of the elements.</summary>
internal readonly struct AverageFunction : IPoolingFunction
{
    public static float Start => 0;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Fold<TSimd, TVector>(TVector folded, TVector next)
        where TSimd : ISimd<TVector>
        where TVector : struct => TSimd.Add(folded, next);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Finish<TSimd, TVector>(TVector folded, int count)
        where TSimd : ISimd<TVector>
        where TVector : struct => TSimd.Multiply(folded, TSimd.Broadcast(1f / count));
}
