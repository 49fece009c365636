using System.Runtime.CompilerServices;
using Sepal.Kernels.Simd;

namespace Sepal.Kernels.Depthwise;

/// <summary>
/// Neighbouring pixels of a row of a 5×5 depthwise convolution at stride one, in a window where neighbours are a vector apart:
/// eight at a time, 85 loads for 200 multiply-adds, or seven, into which the rows of the usual images divide.
/// </summary>
internal static unsafe class DepthwiseFiveByFiveTile<TSimd, TVector>
    where TSimd : ISimd<TVector>
    where TVector : struct
{
    /// <summary>No row may be shorter.</summary>
    public const int SmallestRow = 7;

    /// <summary>Computes one vector of channels of a row. The last tile overlaps the one before it.</summary>
    /// <param name="source">What lies under the first pixel's first tap.</param>
    /// <param name="sourcePitch">Floats from one row to the next.</param>
    /// <param name="packed">The bias and the weights of all taps.</param>
    /// <param name="target">Where the first pixel's result goes.</param>
    /// <param name="targetStep">Floats from one result to the next.</param>
    /// <param name="columns">Pixels of the row.</param>
    /// <param name="low">The least output.</param>
    /// <param name="high">The greatest output.</param>
    public static void Run(
        float* source, nint sourcePitch, float* packed, float* target, nint targetStep, int columns, float low, float high)
    {
        if (columns % 8 != 0 && (columns + 6) / 7 <= (columns + 7) / 8)
        {
            Sevens(source, sourcePitch, packed, target, targetStep, columns, low, high);
        }
        else
        {
            Eights(source, sourcePitch, packed, target, targetStep, columns, low, high);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Eights(
        float* source, nint sourcePitch, float* packed, float* target, nint targetStep, int columns, float low, float high)
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
            for (int row = 0; row < 5; row++, pixel += sourcePitch, weight += 5 * TSimd.Width)
            {
                TVector w0 = TSimd.Load(weight);
                TVector w1 = TSimd.Load(weight + TSimd.Width);
                TVector w2 = TSimd.Load(weight + (2 * TSimd.Width));
                TVector w3 = TSimd.Load(weight + (3 * TSimd.Width));
                TVector w4 = TSimd.Load(weight + (4 * TSimd.Width));
                TVector x = TSimd.Load(pixel);
                a0 = TSimd.MultiplyAdd(x, w0, a0);
                x = TSimd.Load(pixel + TSimd.Width);
                a1 = TSimd.MultiplyAdd(x, w0, a1);
                a0 = TSimd.MultiplyAdd(x, w1, a0);
                x = TSimd.Load(pixel + (2 * TSimd.Width));
                a2 = TSimd.MultiplyAdd(x, w0, a2);
                a1 = TSimd.MultiplyAdd(x, w1, a1);
                a0 = TSimd.MultiplyAdd(x, w2, a0);
                x = TSimd.Load(pixel + (3 * TSimd.Width));
                a3 = TSimd.MultiplyAdd(x, w0, a3);
                a2 = TSimd.MultiplyAdd(x, w1, a2);
                a1 = TSimd.MultiplyAdd(x, w2, a1);
                a0 = TSimd.MultiplyAdd(x, w3, a0);
                x = TSimd.Load(pixel + (4 * TSimd.Width));
                a4 = TSimd.MultiplyAdd(x, w0, a4);
                a3 = TSimd.MultiplyAdd(x, w1, a3);
                a2 = TSimd.MultiplyAdd(x, w2, a2);
                a1 = TSimd.MultiplyAdd(x, w3, a1);
                a0 = TSimd.MultiplyAdd(x, w4, a0);
                x = TSimd.Load(pixel + (5 * TSimd.Width));
                a5 = TSimd.MultiplyAdd(x, w0, a5);
                a4 = TSimd.MultiplyAdd(x, w1, a4);
                a3 = TSimd.MultiplyAdd(x, w2, a3);
                a2 = TSimd.MultiplyAdd(x, w3, a2);
                a1 = TSimd.MultiplyAdd(x, w4, a1);
                x = TSimd.Load(pixel + (6 * TSimd.Width));
                a6 = TSimd.MultiplyAdd(x, w0, a6);
                a5 = TSimd.MultiplyAdd(x, w1, a5);
                a4 = TSimd.MultiplyAdd(x, w2, a4);
                a3 = TSimd.MultiplyAdd(x, w3, a3);
                a2 = TSimd.MultiplyAdd(x, w4, a2);
                x = TSimd.Load(pixel + (7 * TSimd.Width));
                a7 = TSimd.MultiplyAdd(x, w0, a7);
                a6 = TSimd.MultiplyAdd(x, w1, a6);
                a5 = TSimd.MultiplyAdd(x, w2, a5);
                a4 = TSimd.MultiplyAdd(x, w3, a4);
                a3 = TSimd.MultiplyAdd(x, w4, a3);
                x = TSimd.Load(pixel + (8 * TSimd.Width));
                a7 = TSimd.MultiplyAdd(x, w1, a7);
                a6 = TSimd.MultiplyAdd(x, w2, a6);
                a5 = TSimd.MultiplyAdd(x, w3, a5);
                a4 = TSimd.MultiplyAdd(x, w4, a4);
                x = TSimd.Load(pixel + (9 * TSimd.Width));
                a7 = TSimd.MultiplyAdd(x, w2, a7);
                a6 = TSimd.MultiplyAdd(x, w3, a6);
                a5 = TSimd.MultiplyAdd(x, w4, a5);
                x = TSimd.Load(pixel + (10 * TSimd.Width));
                a7 = TSimd.MultiplyAdd(x, w3, a7);
                a6 = TSimd.MultiplyAdd(x, w4, a6);
                x = TSimd.Load(pixel + (11 * TSimd.Width));
                a7 = TSimd.MultiplyAdd(x, w4, a7);
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
            column += 8;
            if (column >= columns)
            {
                return;
            }

            column = Math.Min(column, columns - 8);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Sevens(
        float* source, nint sourcePitch, float* packed, float* target, nint targetStep, int columns, float low, float high)
    {
        TVector least = TSimd.Broadcast(low);
        TVector greatest = TSimd.Broadcast(high);
        int column = 0;
        while (true)
        {
            TVector a0 = TSimd.Load(packed);
            TVector a1 = a0, a2 = a0, a3 = a0, a4 = a0, a5 = a0, a6 = a0;
            float* pixel = source + (column * (nint)TSimd.Width);
            float* weight = packed + TSimd.Width;
            for (int row = 0; row < 5; row++, pixel += sourcePitch, weight += 5 * TSimd.Width)
            {
                TVector w0 = TSimd.Load(weight);
                TVector w1 = TSimd.Load(weight + TSimd.Width);
                TVector w2 = TSimd.Load(weight + (2 * TSimd.Width));
                TVector w3 = TSimd.Load(weight + (3 * TSimd.Width));
                TVector w4 = TSimd.Load(weight + (4 * TSimd.Width));
                TVector x = TSimd.Load(pixel);
                a0 = TSimd.MultiplyAdd(x, w0, a0);
                x = TSimd.Load(pixel + TSimd.Width);
                a1 = TSimd.MultiplyAdd(x, w0, a1);
                a0 = TSimd.MultiplyAdd(x, w1, a0);
                x = TSimd.Load(pixel + (2 * TSimd.Width));
                a2 = TSimd.MultiplyAdd(x, w0, a2);
                a1 = TSimd.MultiplyAdd(x, w1, a1);
                a0 = TSimd.MultiplyAdd(x, w2, a0);
                x = TSimd.Load(pixel + (3 * TSimd.Width));
                a3 = TSimd.MultiplyAdd(x, w0, a3);
                a2 = TSimd.MultiplyAdd(x, w1, a2);
                a1 = TSimd.MultiplyAdd(x, w2, a1);
                a0 = TSimd.MultiplyAdd(x, w3, a0);
                x = TSimd.Load(pixel + (4 * TSimd.Width));
                a4 = TSimd.MultiplyAdd(x, w0, a4);
                a3 = TSimd.MultiplyAdd(x, w1, a3);
                a2 = TSimd.MultiplyAdd(x, w2, a2);
                a1 = TSimd.MultiplyAdd(x, w3, a1);
                a0 = TSimd.MultiplyAdd(x, w4, a0);
                x = TSimd.Load(pixel + (5 * TSimd.Width));
                a5 = TSimd.MultiplyAdd(x, w0, a5);
                a4 = TSimd.MultiplyAdd(x, w1, a4);
                a3 = TSimd.MultiplyAdd(x, w2, a3);
                a2 = TSimd.MultiplyAdd(x, w3, a2);
                a1 = TSimd.MultiplyAdd(x, w4, a1);
                x = TSimd.Load(pixel + (6 * TSimd.Width));
                a6 = TSimd.MultiplyAdd(x, w0, a6);
                a5 = TSimd.MultiplyAdd(x, w1, a5);
                a4 = TSimd.MultiplyAdd(x, w2, a4);
                a3 = TSimd.MultiplyAdd(x, w3, a3);
                a2 = TSimd.MultiplyAdd(x, w4, a2);
                x = TSimd.Load(pixel + (7 * TSimd.Width));
                a6 = TSimd.MultiplyAdd(x, w1, a6);
                a5 = TSimd.MultiplyAdd(x, w2, a5);
                a4 = TSimd.MultiplyAdd(x, w3, a4);
                a3 = TSimd.MultiplyAdd(x, w4, a3);
                x = TSimd.Load(pixel + (8 * TSimd.Width));
                a6 = TSimd.MultiplyAdd(x, w2, a6);
                a5 = TSimd.MultiplyAdd(x, w3, a5);
                a4 = TSimd.MultiplyAdd(x, w4, a4);
                x = TSimd.Load(pixel + (9 * TSimd.Width));
                a6 = TSimd.MultiplyAdd(x, w3, a6);
                a5 = TSimd.MultiplyAdd(x, w4, a5);
                x = TSimd.Load(pixel + (10 * TSimd.Width));
                a6 = TSimd.MultiplyAdd(x, w4, a6);
            }

            float* result = target + (column * targetStep);
            TSimd.Store(TSimd.Clamp(a0, least, greatest), result);
            TSimd.Store(TSimd.Clamp(a1, least, greatest), result + targetStep);
            TSimd.Store(TSimd.Clamp(a2, least, greatest), result + (2 * targetStep));
            TSimd.Store(TSimd.Clamp(a3, least, greatest), result + (3 * targetStep));
            TSimd.Store(TSimd.Clamp(a4, least, greatest), result + (4 * targetStep));
            TSimd.Store(TSimd.Clamp(a5, least, greatest), result + (5 * targetStep));
            TSimd.Store(TSimd.Clamp(a6, least, greatest), result + (6 * targetStep));
            column += 7;
            if (column >= columns)
            {
                return;
            }

            column = Math.Min(column, columns - 7);
        }
    }
}
