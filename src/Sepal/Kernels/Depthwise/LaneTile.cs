using System.Runtime.CompilerServices;
using Sepal.Kernels.Simd;

namespace Sepal.Kernels.Depthwise;

/// <summary>
/// One vector of lanes of any eight groups of pixels, whose lanes read the source anywhere within one, two or four vectors of it. What
/// they read is picked by permutations.
/// </summary>
internal static unsafe class LaneTile<TSimd, TVector>
    where TSimd : ISimd<TVector>
    where TVector : struct
{
    /// <summary>Groups of pixels that are computed together.</summary>
    public const int Pixels = 8;

    /// <summary>Vectors of a packed block that come before its weights: two of indices, and the bias.</summary>
    public const int HeaderVectors = 3;

    /// <summary>Lanes that read neighbouring floats.</summary>
    /// <param name="sources">For each group of pixels, what its first lane reads under the first tap.</param>
    /// <param name="start">Floats from there to what the vector's first lane reads.</param>
    /// <param name="offsets">For each tap, where it lies from the first.</param>
    /// <param name="taps">Taps of each pixel.</param>
    /// <param name="packed">The vector's indices, biases and weights.</param>
    /// <param name="targets">For each group of pixels, where its first lane's result goes.</param>
    /// <param name="lane">The vector's first lane.</param>
    /// <param name="low">The least output.</param>
    /// <param name="high">The greatest output.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Neighbours(
        float** sources, nint start, nint* offsets, int taps, float* packed, float** targets, nint lane, float low, float high)
    {
        float* p0 = sources[0] + start, p1 = sources[1] + start, p2 = sources[2] + start, p3 = sources[3] + start;
        float* p4 = sources[4] + start, p5 = sources[5] + start, p6 = sources[6] + start, p7 = sources[7] + start;
        TVector a0 = TSimd.Load(packed + (2 * TSimd.Width));
        TVector a1 = a0, a2 = a0, a3 = a0, a4 = a0, a5 = a0, a6 = a0, a7 = a0;
        packed += HeaderVectors * TSimd.Width;
        for (int i = 0; i < taps; i++)
        {
            TVector weights = TSimd.Load(packed);
            packed += TSimd.Width;
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
        TSimd.Store(TSimd.Clamp(a0, least, greatest), targets[0] + lane);
        TSimd.Store(TSimd.Clamp(a1, least, greatest), targets[1] + lane);
        TSimd.Store(TSimd.Clamp(a2, least, greatest), targets[2] + lane);
        TSimd.Store(TSimd.Clamp(a3, least, greatest), targets[3] + lane);
        TSimd.Store(TSimd.Clamp(a4, least, greatest), targets[4] + lane);
        TSimd.Store(TSimd.Clamp(a5, least, greatest), targets[5] + lane);
        TSimd.Store(TSimd.Clamp(a6, least, greatest), targets[6] + lane);
        TSimd.Store(TSimd.Clamp(a7, least, greatest), targets[7] + lane);
    }

    /// <summary>Lanes that read within one vector.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void WithinOne(
        float** sources, nint start, nint* offsets, int taps, float* packed, float** targets, nint lane, float low, float high)
    {
        float* p0 = sources[0] + start, p1 = sources[1] + start, p2 = sources[2] + start, p3 = sources[3] + start;
        float* p4 = sources[4] + start, p5 = sources[5] + start, p6 = sources[6] + start, p7 = sources[7] + start;
        TVector indices = TSimd.Load(packed);
        TVector a0 = TSimd.Load(packed + (2 * TSimd.Width));
        TVector a1 = a0, a2 = a0, a3 = a0, a4 = a0, a5 = a0, a6 = a0, a7 = a0;
        packed += HeaderVectors * TSimd.Width;
        for (int i = 0; i < taps; i++)
        {
            TVector weights = TSimd.Load(packed);
            packed += TSimd.Width;
            nint offset = offsets[i];
            a0 = TSimd.MultiplyAdd(weights, TSimd.Permute(TSimd.Load(p0 + offset), indices), a0);
            a1 = TSimd.MultiplyAdd(weights, TSimd.Permute(TSimd.Load(p1 + offset), indices), a1);
            a2 = TSimd.MultiplyAdd(weights, TSimd.Permute(TSimd.Load(p2 + offset), indices), a2);
            a3 = TSimd.MultiplyAdd(weights, TSimd.Permute(TSimd.Load(p3 + offset), indices), a3);
            a4 = TSimd.MultiplyAdd(weights, TSimd.Permute(TSimd.Load(p4 + offset), indices), a4);
            a5 = TSimd.MultiplyAdd(weights, TSimd.Permute(TSimd.Load(p5 + offset), indices), a5);
            a6 = TSimd.MultiplyAdd(weights, TSimd.Permute(TSimd.Load(p6 + offset), indices), a6);
            a7 = TSimd.MultiplyAdd(weights, TSimd.Permute(TSimd.Load(p7 + offset), indices), a7);
        }

        TVector least = TSimd.Broadcast(low);
        TVector greatest = TSimd.Broadcast(high);
        TSimd.Store(TSimd.Clamp(a0, least, greatest), targets[0] + lane);
        TSimd.Store(TSimd.Clamp(a1, least, greatest), targets[1] + lane);
        TSimd.Store(TSimd.Clamp(a2, least, greatest), targets[2] + lane);
        TSimd.Store(TSimd.Clamp(a3, least, greatest), targets[3] + lane);
        TSimd.Store(TSimd.Clamp(a4, least, greatest), targets[4] + lane);
        TSimd.Store(TSimd.Clamp(a5, least, greatest), targets[5] + lane);
        TSimd.Store(TSimd.Clamp(a6, least, greatest), targets[6] + lane);
        TSimd.Store(TSimd.Clamp(a7, least, greatest), targets[7] + lane);
    }

    /// <summary>Lanes that read within two vectors.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void WithinTwo(
        float** sources, nint start, nint* offsets, int taps, float* packed, float** targets, nint lane, float low, float high)
    {
        float* p0 = sources[0] + start, p1 = sources[1] + start, p2 = sources[2] + start, p3 = sources[3] + start;
        float* p4 = sources[4] + start, p5 = sources[5] + start, p6 = sources[6] + start, p7 = sources[7] + start;
        TVector indices = TSimd.Load(packed);
        TVector a0 = TSimd.Load(packed + (2 * TSimd.Width));
        TVector a1 = a0, a2 = a0, a3 = a0, a4 = a0, a5 = a0, a6 = a0, a7 = a0;
        packed += HeaderVectors * TSimd.Width;
        for (int i = 0; i < taps; i++)
        {
            TVector weights = TSimd.Load(packed);
            packed += TSimd.Width;
            nint offset = offsets[i];
            a0 = TSimd.MultiplyAdd(weights, PickOfTwo(p0 + offset, indices), a0);
            a1 = TSimd.MultiplyAdd(weights, PickOfTwo(p1 + offset, indices), a1);
            a2 = TSimd.MultiplyAdd(weights, PickOfTwo(p2 + offset, indices), a2);
            a3 = TSimd.MultiplyAdd(weights, PickOfTwo(p3 + offset, indices), a3);
            a4 = TSimd.MultiplyAdd(weights, PickOfTwo(p4 + offset, indices), a4);
            a5 = TSimd.MultiplyAdd(weights, PickOfTwo(p5 + offset, indices), a5);
            a6 = TSimd.MultiplyAdd(weights, PickOfTwo(p6 + offset, indices), a6);
            a7 = TSimd.MultiplyAdd(weights, PickOfTwo(p7 + offset, indices), a7);
        }

        TVector least = TSimd.Broadcast(low);
        TVector greatest = TSimd.Broadcast(high);
        TSimd.Store(TSimd.Clamp(a0, least, greatest), targets[0] + lane);
        TSimd.Store(TSimd.Clamp(a1, least, greatest), targets[1] + lane);
        TSimd.Store(TSimd.Clamp(a2, least, greatest), targets[2] + lane);
        TSimd.Store(TSimd.Clamp(a3, least, greatest), targets[3] + lane);
        TSimd.Store(TSimd.Clamp(a4, least, greatest), targets[4] + lane);
        TSimd.Store(TSimd.Clamp(a5, least, greatest), targets[5] + lane);
        TSimd.Store(TSimd.Clamp(a6, least, greatest), targets[6] + lane);
        TSimd.Store(TSimd.Clamp(a7, least, greatest), targets[7] + lane);
    }

    /// <summary>Lanes that read within four vectors.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void WithinFour(
        float** sources, nint start, nint* offsets, int taps, float* packed, float** targets, nint lane, float low, float high)
    {
        float* p0 = sources[0] + start, p1 = sources[1] + start, p2 = sources[2] + start, p3 = sources[3] + start;
        float* p4 = sources[4] + start, p5 = sources[5] + start, p6 = sources[6] + start, p7 = sources[7] + start;
        TVector indices = TSimd.Load(packed);
        TVector upperIndices = TSimd.Load(packed + TSimd.Width);
        TVector lastOfTwo = TSimd.Broadcast(BitConverter.Int32BitsToSingle((2 * TSimd.Width) - 1));
        TVector a0 = TSimd.Load(packed + (2 * TSimd.Width));
        TVector a1 = a0, a2 = a0, a3 = a0, a4 = a0, a5 = a0, a6 = a0, a7 = a0;
        packed += HeaderVectors * TSimd.Width;
        for (int i = 0; i < taps; i++)
        {
            TVector weights = TSimd.Load(packed);
            packed += TSimd.Width;
            nint offset = offsets[i];
            a0 = TSimd.MultiplyAdd(weights, PickOfFour(p0 + offset, indices, upperIndices, lastOfTwo), a0);
            a1 = TSimd.MultiplyAdd(weights, PickOfFour(p1 + offset, indices, upperIndices, lastOfTwo), a1);
            a2 = TSimd.MultiplyAdd(weights, PickOfFour(p2 + offset, indices, upperIndices, lastOfTwo), a2);
            a3 = TSimd.MultiplyAdd(weights, PickOfFour(p3 + offset, indices, upperIndices, lastOfTwo), a3);
            a4 = TSimd.MultiplyAdd(weights, PickOfFour(p4 + offset, indices, upperIndices, lastOfTwo), a4);
            a5 = TSimd.MultiplyAdd(weights, PickOfFour(p5 + offset, indices, upperIndices, lastOfTwo), a5);
            a6 = TSimd.MultiplyAdd(weights, PickOfFour(p6 + offset, indices, upperIndices, lastOfTwo), a6);
            a7 = TSimd.MultiplyAdd(weights, PickOfFour(p7 + offset, indices, upperIndices, lastOfTwo), a7);
        }

        TVector least = TSimd.Broadcast(low);
        TVector greatest = TSimd.Broadcast(high);
        TSimd.Store(TSimd.Clamp(a0, least, greatest), targets[0] + lane);
        TSimd.Store(TSimd.Clamp(a1, least, greatest), targets[1] + lane);
        TSimd.Store(TSimd.Clamp(a2, least, greatest), targets[2] + lane);
        TSimd.Store(TSimd.Clamp(a3, least, greatest), targets[3] + lane);
        TSimd.Store(TSimd.Clamp(a4, least, greatest), targets[4] + lane);
        TSimd.Store(TSimd.Clamp(a5, least, greatest), targets[5] + lane);
        TSimd.Store(TSimd.Clamp(a6, least, greatest), targets[6] + lane);
        TSimd.Store(TSimd.Clamp(a7, least, greatest), targets[7] + lane);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector PickOfTwo(float* source, TVector indices) =>
        TSimd.Permute(TSimd.Load(source), TSimd.Load(source + TSimd.Width), indices);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector PickOfFour(float* source, TVector indices, TVector upperIndices, TVector lastOfTwo) =>
        // As floats, small whole numbers are in the same order.
        TSimd.SelectGreater(
            indices, lastOfTwo, PickOfTwo(source + (2 * TSimd.Width), upperIndices), PickOfTwo(source, indices));
}
