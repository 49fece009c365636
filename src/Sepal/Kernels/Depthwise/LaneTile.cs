using System.Runtime.CompilerServices;
using Sepal.Kernels.Simd;

namespace Sepal.Kernels.Depthwise;

/// <summary>
/// One vector of lanes of any groups of pixels, eight together. A block of the packed kernel has the bias, the weights of all
/// taps and then, where lanes are picked, their indices.
/// </summary>
internal static unsafe class LaneTile<TSimd, TVector>
    where TSimd : ISimd<TVector>
    where TVector : struct
{
    /// <summary>Groups of pixels that are computed together.</summary>
    public const int Pixels = 8;

    /// <summary>Computes one vector of every group of pixels.</summary>
    /// <typeparam name="TPick">How lanes get what they read.</typeparam>
    /// <param name="source">From where the groups' sources are counted: what the vector's first lane of the first reads.</param>
    /// <param name="sources">For each group of pixels, where its source lies.</param>
    /// <param name="count">Groups of pixels; at least as many as are computed together.</param>
    /// <param name="offsets">For each tap, where it lies from the first.</param>
    /// <param name="taps">Taps of each pixel.</param>
    /// <param name="packed">The vector's block.</param>
    /// <param name="target">From where the groups' targets are counted.</param>
    /// <param name="targets">For each group of pixels, where its result goes.</param>
    /// <param name="low">The least output.</param>
    /// <param name="high">The greatest output.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Run<TPick>(
        float* source, nint* sources, int count, nint* offsets, int taps, float* packed, float* target, nint* targets,
        float low, float high)
        where TPick : struct, ILanePick<TVector>
    {
        TVector indices = TSimd.Load(packed + ((taps + 1) * (nint)TSimd.Width));
        TVector upperIndices = TSimd.Load(packed + ((taps + 2) * (nint)TSimd.Width));
        for (int i = 0; i < count; i += Pixels)
        {
            // The last tile overlaps the one before it.
            int first = Math.Min(i, count - Pixels);
            nint* pixels = sources + first;
            float* p0 = source + pixels[0], p1 = source + pixels[1], p2 = source + pixels[2], p3 = source + pixels[3];
            float* p4 = source + pixels[4], p5 = source + pixels[5], p6 = source + pixels[6], p7 = source + pixels[7];
            TVector a0 = TSimd.Load(packed);
            TVector a1 = a0, a2 = a0, a3 = a0, a4 = a0, a5 = a0, a6 = a0, a7 = a0;
            float* weight = packed;
            for (int tap = 0; tap < taps; tap++)
            {
                weight += TSimd.Width;
                TVector weights = TSimd.Load(weight);
                nint offset = offsets[tap];
                a0 = TSimd.MultiplyAdd(weights, TPick.Load(p0 + offset, indices, upperIndices), a0);
                a1 = TSimd.MultiplyAdd(weights, TPick.Load(p1 + offset, indices, upperIndices), a1);
                a2 = TSimd.MultiplyAdd(weights, TPick.Load(p2 + offset, indices, upperIndices), a2);
                a3 = TSimd.MultiplyAdd(weights, TPick.Load(p3 + offset, indices, upperIndices), a3);
                a4 = TSimd.MultiplyAdd(weights, TPick.Load(p4 + offset, indices, upperIndices), a4);
                a5 = TSimd.MultiplyAdd(weights, TPick.Load(p5 + offset, indices, upperIndices), a5);
                a6 = TSimd.MultiplyAdd(weights, TPick.Load(p6 + offset, indices, upperIndices), a6);
                a7 = TSimd.MultiplyAdd(weights, TPick.Load(p7 + offset, indices, upperIndices), a7);
            }

            TVector least = TSimd.Broadcast(low);
            TVector greatest = TSimd.Broadcast(high);
            nint* results = targets + first;
            TSimd.Store(TSimd.Clamp(a0, least, greatest), target + results[0]);
            TSimd.Store(TSimd.Clamp(a1, least, greatest), target + results[1]);
            TSimd.Store(TSimd.Clamp(a2, least, greatest), target + results[2]);
            TSimd.Store(TSimd.Clamp(a3, least, greatest), target + results[3]);
            TSimd.Store(TSimd.Clamp(a4, least, greatest), target + results[4]);
            TSimd.Store(TSimd.Clamp(a5, least, greatest), target + results[5]);
            TSimd.Store(TSimd.Clamp(a6, least, greatest), target + results[6]);
            TSimd.Store(TSimd.Clamp(a7, least, greatest), target + results[7]);
        }
    }
}
