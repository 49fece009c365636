using System.Runtime.CompilerServices;
using Sepal.Kernels.Simd;

namespace Sepal.Kernels.Depthwise;

/// <summary>
/// Two rows of four neighbouring pixels of a 3×3 depthwise convolution at stride one, in a window where neighbours are a vector
/// apart: the nine weights stay in registers, which leaves 24 loads for 72 multiply-adds.
/// </summary>
internal static unsafe class DepthwiseThreeByThreeTile<TSimd, TVector>
    where TSimd : ISimd<TVector>
    where TVector : struct
{
    /// <summary>Pixels of a row that are computed together; no row may be shorter.</summary>
    public const int Columns = 4;

    /// <summary>Computes one vector of channels of two rows. The last tile overlaps the one before it.</summary>
    /// <param name="source">What lies under the first pixel's first tap.</param>
    /// <param name="sourcePitch">Floats from one row to the next.</param>
    /// <param name="packed">The bias and the nine weights.</param>
    /// <param name="target">Where the first pixel's result goes.</param>
    /// <param name="targetStep">Floats from one result to the next.</param>
    /// <param name="targetPitch">Floats from one row of results to the next.</param>
    /// <param name="columns">Pixels of each row.</param>
    /// <param name="low">The least output.</param>
    /// <param name="high">The greatest output.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Run(
        float* source, nint sourcePitch, float* packed, float* target, nint targetStep, nint targetPitch, int columns,
        float low, float high)
    {
        TVector bias = TSimd.Load(packed);
        TVector w00 = TSimd.Load(packed + TSimd.Width);
        TVector w01 = TSimd.Load(packed + (2 * TSimd.Width));
        TVector w02 = TSimd.Load(packed + (3 * TSimd.Width));
        TVector w10 = TSimd.Load(packed + (4 * TSimd.Width));
        TVector w11 = TSimd.Load(packed + (5 * TSimd.Width));
        TVector w12 = TSimd.Load(packed + (6 * TSimd.Width));
        TVector w20 = TSimd.Load(packed + (7 * TSimd.Width));
        TVector w21 = TSimd.Load(packed + (8 * TSimd.Width));
        TVector w22 = TSimd.Load(packed + (9 * TSimd.Width));
        TVector least = TSimd.Broadcast(low);
        TVector greatest = TSimd.Broadcast(high);
        int column = 0;
        while (true)
        {
            TVector a0 = bias, a1 = bias, a2 = bias, a3 = bias, b0 = bias, b1 = bias, b2 = bias, b3 = bias;
            float* pixel = source + (column * (nint)TSimd.Width);
            TVector x = TSimd.Load(pixel);
            a0 = TSimd.MultiplyAdd(x, w00, a0);
            x = TSimd.Load(pixel + TSimd.Width);
            a1 = TSimd.MultiplyAdd(x, w00, a1);
            a0 = TSimd.MultiplyAdd(x, w01, a0);
            x = TSimd.Load(pixel + (2 * TSimd.Width));
            a2 = TSimd.MultiplyAdd(x, w00, a2);
            a1 = TSimd.MultiplyAdd(x, w01, a1);
            a0 = TSimd.MultiplyAdd(x, w02, a0);
            x = TSimd.Load(pixel + (3 * TSimd.Width));
            a3 = TSimd.MultiplyAdd(x, w00, a3);
            a2 = TSimd.MultiplyAdd(x, w01, a2);
            a1 = TSimd.MultiplyAdd(x, w02, a1);
            x = TSimd.Load(pixel + (4 * TSimd.Width));
            a3 = TSimd.MultiplyAdd(x, w01, a3);
            a2 = TSimd.MultiplyAdd(x, w02, a2);
            x = TSimd.Load(pixel + (5 * TSimd.Width));
            a3 = TSimd.MultiplyAdd(x, w02, a3);
            pixel += sourcePitch;

            x = TSimd.Load(pixel);
            a0 = TSimd.MultiplyAdd(x, w10, a0);
            b0 = TSimd.MultiplyAdd(x, w00, b0);
            x = TSimd.Load(pixel + TSimd.Width);
            a1 = TSimd.MultiplyAdd(x, w10, a1);
            b1 = TSimd.MultiplyAdd(x, w00, b1);
            a0 = TSimd.MultiplyAdd(x, w11, a0);
            b0 = TSimd.MultiplyAdd(x, w01, b0);
            x = TSimd.Load(pixel + (2 * TSimd.Width));
            a2 = TSimd.MultiplyAdd(x, w10, a2);
            b2 = TSimd.MultiplyAdd(x, w00, b2);
            a1 = TSimd.MultiplyAdd(x, w11, a1);
            b1 = TSimd.MultiplyAdd(x, w01, b1);
            a0 = TSimd.MultiplyAdd(x, w12, a0);
            b0 = TSimd.MultiplyAdd(x, w02, b0);
            x = TSimd.Load(pixel + (3 * TSimd.Width));
            a3 = TSimd.MultiplyAdd(x, w10, a3);
            b3 = TSimd.MultiplyAdd(x, w00, b3);
            a2 = TSimd.MultiplyAdd(x, w11, a2);
            b2 = TSimd.MultiplyAdd(x, w01, b2);
            a1 = TSimd.MultiplyAdd(x, w12, a1);
            b1 = TSimd.MultiplyAdd(x, w02, b1);
            x = TSimd.Load(pixel + (4 * TSimd.Width));
            a3 = TSimd.MultiplyAdd(x, w11, a3);
            b3 = TSimd.MultiplyAdd(x, w01, b3);
            a2 = TSimd.MultiplyAdd(x, w12, a2);
            b2 = TSimd.MultiplyAdd(x, w02, b2);
            x = TSimd.Load(pixel + (5 * TSimd.Width));
            a3 = TSimd.MultiplyAdd(x, w12, a3);
            b3 = TSimd.MultiplyAdd(x, w02, b3);
            pixel += sourcePitch;

            x = TSimd.Load(pixel);
            a0 = TSimd.MultiplyAdd(x, w20, a0);
            b0 = TSimd.MultiplyAdd(x, w10, b0);
            x = TSimd.Load(pixel + TSimd.Width);
            a1 = TSimd.MultiplyAdd(x, w20, a1);
            b1 = TSimd.MultiplyAdd(x, w10, b1);
            a0 = TSimd.MultiplyAdd(x, w21, a0);
            b0 = TSimd.MultiplyAdd(x, w11, b0);
            x = TSimd.Load(pixel + (2 * TSimd.Width));
            a2 = TSimd.MultiplyAdd(x, w20, a2);
            b2 = TSimd.MultiplyAdd(x, w10, b2);
            a1 = TSimd.MultiplyAdd(x, w21, a1);
            b1 = TSimd.MultiplyAdd(x, w11, b1);
            a0 = TSimd.MultiplyAdd(x, w22, a0);
            b0 = TSimd.MultiplyAdd(x, w12, b0);
            x = TSimd.Load(pixel + (3 * TSimd.Width));
            a3 = TSimd.MultiplyAdd(x, w20, a3);
            b3 = TSimd.MultiplyAdd(x, w10, b3);
            a2 = TSimd.MultiplyAdd(x, w21, a2);
            b2 = TSimd.MultiplyAdd(x, w11, b2);
            a1 = TSimd.MultiplyAdd(x, w22, a1);
            b1 = TSimd.MultiplyAdd(x, w12, b1);
            x = TSimd.Load(pixel + (4 * TSimd.Width));
            a3 = TSimd.MultiplyAdd(x, w21, a3);
            b3 = TSimd.MultiplyAdd(x, w11, b3);
            a2 = TSimd.MultiplyAdd(x, w22, a2);
            b2 = TSimd.MultiplyAdd(x, w12, b2);
            x = TSimd.Load(pixel + (5 * TSimd.Width));
            a3 = TSimd.MultiplyAdd(x, w22, a3);
            b3 = TSimd.MultiplyAdd(x, w12, b3);
            pixel += sourcePitch;

            x = TSimd.Load(pixel);
            b0 = TSimd.MultiplyAdd(x, w20, b0);
            x = TSimd.Load(pixel + TSimd.Width);
            b1 = TSimd.MultiplyAdd(x, w20, b1);
            b0 = TSimd.MultiplyAdd(x, w21, b0);
            x = TSimd.Load(pixel + (2 * TSimd.Width));
            b2 = TSimd.MultiplyAdd(x, w20, b2);
            b1 = TSimd.MultiplyAdd(x, w21, b1);
            b0 = TSimd.MultiplyAdd(x, w22, b0);
            x = TSimd.Load(pixel + (3 * TSimd.Width));
            b3 = TSimd.MultiplyAdd(x, w20, b3);
            b2 = TSimd.MultiplyAdd(x, w21, b2);
            b1 = TSimd.MultiplyAdd(x, w22, b1);
            x = TSimd.Load(pixel + (4 * TSimd.Width));
            b3 = TSimd.MultiplyAdd(x, w21, b3);
            b2 = TSimd.MultiplyAdd(x, w22, b2);
            x = TSimd.Load(pixel + (5 * TSimd.Width));
            b3 = TSimd.MultiplyAdd(x, w22, b3);

            float* result = target + (column * targetStep);
            TSimd.Store(TSimd.Clamp(a0, least, greatest), result);
            TSimd.Store(TSimd.Clamp(a1, least, greatest), result + targetStep);
            TSimd.Store(TSimd.Clamp(a2, least, greatest), result + (2 * targetStep));
            TSimd.Store(TSimd.Clamp(a3, least, greatest), result + (3 * targetStep));
            result += targetPitch;
            TSimd.Store(TSimd.Clamp(b0, least, greatest), result);
            TSimd.Store(TSimd.Clamp(b1, least, greatest), result + targetStep);
            TSimd.Store(TSimd.Clamp(b2, least, greatest), result + (2 * targetStep));
            TSimd.Store(TSimd.Clamp(b3, least, greatest), result + (3 * targetStep));
            column += Columns;
            if (column >= columns)
            {
                return;
            }

            column = Math.Min(column, columns - Columns);
        }
    }
}
