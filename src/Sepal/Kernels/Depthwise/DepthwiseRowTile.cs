using System.Runtime.CompilerServices;
using Sepal.Kernels.Simd;

namespace Sepal.Kernels.Depthwise;

/// <summary>
/// Eight neighbouring pixels of a row of a depthwise convolution with any taps, in a window where neighbours are a vector apart.
/// </summary>
internal static unsafe class DepthwiseRowTile<TSimd, TVector>
    where TSimd : ISimd<TVector>
    where TVector : struct
{
    /// <summary>Pixels that are computed together; no row may be shorter.</summary>
    public const int Columns = 8;

    /// <summary>Computes one vector of channels of a row. The last tile overlaps the one before it.</summary>
    /// <param name="source">What lies under the first pixel's first tap.</param>
    /// <param name="offsets">For each tap, where it lies from the first.</param>
    /// <param name="taps">Taps of each pixel.</param>
    /// <param name="packed">The bias and the weights of all taps.</param>
    /// <param name="target">Where the first pixel's result goes.</param>
    /// <param name="targetStep">Floats from one result to the next.</param>
    /// <param name="columns">Pixels of the row.</param>
    /// <param name="low">The least output.</param>
    /// <param name="high">The greatest output.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Run(
        float* source, nint* offsets, int taps, float* packed, float* target, nint targetStep, int columns, float low,
        float high)
    {
        TVector least = TSimd.Broadcast(low);
        TVector greatest = TSimd.Broadcast(high);
        int column = 0;
        while (true)
        {
            TVector a0 = TSimd.Load(packed);
            TVector a1 = a0, a2 = a0, a3 = a0, a4 = a0, a5 = a0, a6 = a0, a7 = a0;
            float* pixel = source + (column * (nint)TSimd.Width);
            float* weight = packed + TSimd.Width;
            for (nint* offset = offsets; offset < offsets + taps; offset++)
            {
                TVector weights = TSimd.Load(weight);
                weight += TSimd.Width;
                float* tap = pixel + *offset;
                a0 = TSimd.MultiplyAdd(weights, TSimd.Load(tap), a0);
                a1 = TSimd.MultiplyAdd(weights, TSimd.Load(tap + TSimd.Width), a1);
                a2 = TSimd.MultiplyAdd(weights, TSimd.Load(tap + (2 * TSimd.Width)), a2);
                a3 = TSimd.MultiplyAdd(weights, TSimd.Load(tap + (3 * TSimd.Width)), a3);
                a4 = TSimd.MultiplyAdd(weights, TSimd.Load(tap + (4 * TSimd.Width)), a4);
                a5 = TSimd.MultiplyAdd(weights, TSimd.Load(tap + (5 * TSimd.Width)), a5);
                a6 = TSimd.MultiplyAdd(weights, TSimd.Load(tap + (6 * TSimd.Width)), a6);
                a7 = TSimd.MultiplyAdd(weights, TSimd.Load(tap + (7 * TSimd.Width)), a7);
            }

            float* result = target + (column * targetStep);
            TSimd.Store(TSimd.Clamp(a0, least, greatest), result);
            TSimd.Store(TSimd.Clamp(a1, least, greatest), result + targetStep);
            TSimd.Store(TSimd.Clamp(a2, least, greatest), result + (2 * targetStep));
            TSimd.Store(TSimd.Clamp(a3, least, greatest), result + (3 * targetStep));
            TSimd.Store(TSimd.Clamp(a4, least, greatest), result + (4 * targetStep));
            TSimd.Store(TSimd.Clamp(a5, least, greatest), result + (5 * targetStep));
            TSimd.Store(TSimd.Clamp(a6, least, greatest), result + (6 * targetStep));
            TSimd.Store(TSimd.Clamp(a7, least, greatest), result + (7 * targetStep));
            column += Columns;
            if (column >= columns)
            {
                return;
            }

            column = Math.Min(column, columns - Columns);
        }
    }
}
