using System.Runtime.CompilerServices;
using Sepal.Kernels.Simd;

namespace Sepal.Kernels.Elementwise;

/// <summary>
/// Exponentials that are inlined where they are used: the runtime's are calls, around which a loop keeps nothing in registers.
/// </summary>
internal static class Exponentials
{
    /// <summary>
    /// <c>e^−x</c>, with a relative error below <c>(2 + |x| / 6) · 2⁻²³</c>, or <c>(3 + |x|) · 2⁻²³</c> where multiply-adds are not fused. It is <c>2^n · 2^f</c> with n whole and f between −½ and ½,
    /// and <c>2^f</c> is Cephes's polynomial (Moshier, <c>exp2f</c>). From 88.4 below zero it is infinity; from 87.3 on it stays
    /// what it is there.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector OfNegative<TSimd, TVector>(TVector input)
        where TSimd : ISimd<TVector>
        where TVector : struct
    {
        TVector bounded = TSimd.Clamp(input, TSimd.Broadcast(-88.9f), TSimd.Broadcast(87.3f));
        TVector scale = TSimd.Broadcast(-1.44269504f);
        TVector whole = TSimd.Round(TSimd.Multiply(bounded, scale));
        TVector rest = TSimd.MultiplyAdd(bounded, scale, TSimd.Subtract(TSimd.Broadcast(0), whole));
        TVector series = TSimd.MultiplyAdd(rest, TSimd.Broadcast(1.535336188e-4f), TSimd.Broadcast(1.339887440e-3f));
        series = TSimd.MultiplyAdd(series, rest, TSimd.Broadcast(9.618437357e-3f));
        series = TSimd.MultiplyAdd(series, rest, TSimd.Broadcast(5.550332471e-2f));
        series = TSimd.MultiplyAdd(series, rest, TSimd.Broadcast(2.402264791e-1f));
        series = TSimd.MultiplyAdd(series, rest, TSimd.Broadcast(6.931472029e-1f));
        series = TSimd.MultiplyAdd(series, rest, TSimd.Broadcast(1));
        return TSimd.ScaleByPower(series, whole);
    }
}
