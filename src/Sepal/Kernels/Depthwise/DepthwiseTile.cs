using System.Runtime.CompilerServices;
using Sepal.Kernels.Simd;

namespace Sepal.Kernels.Depthwise;

/// <summary>
/// Any eight pixels of a depthwise convolution with any taps that all exist, so that one list of offsets tells where the taps
/// of each pixel lie.
/// </summary>
internal static unsafe class DepthwiseTile<TSimd, TVector>
    where TSimd : ISimd<TVector>
    where TVector : struct
{
    public const int Pixels = 8;

    /// <summary>Computes one vector of channels of the pixels.</summary>
    /// <param name="sources">For each pixel, what lies under its first tap.</param>
    /// <param name="offsets">For each tap, where it lies from the first.</param>
    /// <param name="taps">Taps of each pixel.</param>
    /// <param name="packed">The bias and the weights of all taps.</param>
    /// <param name="targets">Where each pixel's result goes.</param>
    /// <param name="low">The least output.</param>
    /// <param name="high">The greatest output.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Run(
        float** sources, nint* offsets, int taps, float* packed, float** targets, float low, float high)
    {
        float* p0 = sources[0], p1 = sources[1], p2 = sources[2], p3 = sources[3];
        float* p4 = sources[4], p5 = sources[5], p6 = sources[6], p7 = sources[7];
        TVector a0 = TSimd.Load(packed);
        TVector a1 = a0, a2 = a0, a3 = a0, a4 = a0, a5 = a0, a6 = a0, a7 = a0;
        for (int i = 0; i < taps; i++)
        {
            packed += TSimd.Width;
            TVector weights = TSimd.Load(packed);
            nint offset = offsets[i];
            a0 = TSimd.MultiplyAdd(weights, TSimd.Load(p0 + offset), a0);
            a1 = TSimd.MultiplyAdd(weights, TSimd.Load(p1 + offset), a1);
            a2 = TSimd.MultiplyAdd(weights, TSimd.Load(p2 + offset), a2);
            a3 = TSimd.MultiplyAdd(weights, TSimd.Load(p3 + offset), a3);
            a4 = TSimd.MultiplyAdd(weights, TSimd.Load(p4 + offset), a4);
            a5 = TSimd.MultiplyAdd(weights, TSimd.Load(p5 + offset), a5);
            a6 = TSimd.MultiplyAdd(weights, TSimd.Load(p6 + offset), a6);
            a7 = TSimd.MultiplyAdd(weights, TSimd.Load(p7 + offset), a7);
        }

        TVector least = TSimd.Broadcast(low);
        TVector greatest = TSimd.Broadcast(high);
        TSimd.Store(TSimd.Clamp(a0, least, greatest), targets[0]);
        TSimd.Store(TSimd.Clamp(a1, least, greatest), targets[1]);
        TSimd.Store(TSimd.Clamp(a2, least, greatest), targets[2]);
        TSimd.Store(TSimd.Clamp(a3, least, greatest), targets[3]);
        TSimd.Store(TSimd.Clamp(a4, least, greatest), targets[4]);
        TSimd.Store(TSimd.Clamp(a5, least, greatest), targets[5]);
        TSimd.Store(TSimd.Clamp(a6, least, greatest), targets[6]);
        TSimd.Store(TSimd.Clamp(a7, least, greatest), targets[7]);
    }
}
