using System.Runtime.CompilerServices;
using Sepal.Kernels.Simd;

namespace Sepal.Kernels.Depthwise;

/// <summary>
/// As <see cref="LaneTile{TSimd, TVector}"/> for groups of several inputs: what lies under one position of the kernel is loaded once, and every
/// input of the groups is picked from that. After the weights, a block has the indices of each input.
/// </summary>
internal static unsafe class LaneGroupTile<TSimd, TVector>
    where TSimd : ISimd<TVector>
    where TVector : struct
{
    private const int Pixels = 4;

    /// <summary>Computes one vector of every group of pixels.</summary>
    /// <typeparam name="TPick">How lanes get what they read.</typeparam>
    /// <param name="source">From where the groups' sources are counted: what the vector's first lane of the first reads.</param>
    /// <param name="sources">For each group of pixels, where its source lies.</param>
    /// <param name="count">Groups of pixels; at least as many as are computed together.</param>
    /// <param name="offsets">For each tap, of every input, where it lies from the first.</param>
    /// <param name="taps">Taps of each pixel, of every input.</param>
    /// <param name="inputs">Inputs of a group.</param>
    /// <param name="packed">The vector's block.</param>
    /// <param name="target">From where the groups' targets are counted.</param>
    /// <param name="targets">For each group of pixels, where its result goes.</param>
    /// <param name="low">The least output.</param>
    /// <param name="high">The greatest output.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Run<TPick>(
        float* source, nint* sources, int count, nint* offsets, int taps, int inputs, float* packed, float* target,
        nint* targets, float low, float high)
        where TPick : struct, IGroupPick<TVector>
    {
        float* firstIndices = packed + ((taps + 1) * (nint)TSimd.Width);
        for (int i = 0; i < count; i += Pixels)
        {
            // The last tile overlaps the one before it.
            int first = Math.Min(i, count - Pixels);
            nint* pixels = sources + first;
            float* p0 = source + pixels[0], p1 = source + pixels[1], p2 = source + pixels[2], p3 = source + pixels[3];
            TVector a0 = TSimd.Load(packed);
            TVector a1 = a0, a2 = a0, a3 = a0;
            float* weight = packed;
            for (int tap = 0; tap < taps; tap += inputs)
            {
                nint offset = offsets[tap];
                TVector l0 = TSimd.Load(p0 + offset), l1 = TSimd.Load(p1 + offset);
                TVector l2 = TSimd.Load(p2 + offset), l3 = TSimd.Load(p3 + offset);
                TVector u0 = TPick.LoadUpper(p0 + offset), u1 = TPick.LoadUpper(p1 + offset);
                TVector u2 = TPick.LoadUpper(p2 + offset), u3 = TPick.LoadUpper(p3 + offset);
                float* index = firstIndices;
                for (int input = inputs; input > 0; input--)
                {
                    weight += TSimd.Width;
                    TVector weights = TSimd.Load(weight);
                    TVector indices = TSimd.Load(index);
                    a0 = TSimd.MultiplyAdd(weights, TPick.Pick(l0, u0, indices), a0);
                    a1 = TSimd.MultiplyAdd(weights, TPick.Pick(l1, u1, indices), a1);
                    a2 = TSimd.MultiplyAdd(weights, TPick.Pick(l2, u2, indices), a2);
                    a3 = TSimd.MultiplyAdd(weights, TPick.Pick(l3, u3, indices), a3);
                    index += TSimd.Width;
                }
            }

            TVector least = TSimd.Broadcast(low);
            TVector greatest = TSimd.Broadcast(high);
            nint* results = targets + first;
            TSimd.Store(TSimd.Clamp(a0, least, greatest), target + results[0]);
            TSimd.Store(TSimd.Clamp(a1, least, greatest), target + results[1]);
            TSimd.Store(TSimd.Clamp(a2, least, greatest), target + results[2]);
            TSimd.Store(TSimd.Clamp(a3, least, greatest), target + results[3]);
        }
    }
}
