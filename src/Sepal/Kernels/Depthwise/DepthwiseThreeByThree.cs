using System.Runtime.CompilerServices;
using Sepal.Kernels.Simd;

namespace Sepal.Kernels.Depthwise;

/// <summary>
/// The 3×3 depthwise correlation at stride one, away from the border, for one vector of channels. A pixel at a time it is
/// bound by its loads, 18 for 9 multiply-adds. Two rows of four pixels share them: with the nine weights in
/// registers, 24 loads for 72.
/// </summary>
internal static unsafe class DepthwiseThreeByThree<TSimd, TVector>
    where TSimd : ISimd<TVector>
    where TVector : struct
{
    /// <summary>Pixels along a row that are computed together; no row may be shorter.</summary>
    public const int Columns = 4;

    /// <summary>Computes two whole rows of pixels. The last group of a row overlaps the one before it.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void TwoRows(
        in DepthwiseOperands operands, float* source, float* weights, float* target, int columns)
    {
        float* weights0 = weights;
        TVector w00 = TSimd.Load(weights0);
        TVector w01 = TSimd.Load(weights0 + operands.WeightColumnStep);
        TVector w02 = TSimd.Load(weights0 + (2 * operands.WeightColumnStep));
        float* weights1 = weights + operands.WeightRowStep;
        TVector w10 = TSimd.Load(weights1);
        TVector w11 = TSimd.Load(weights1 + operands.WeightColumnStep);
        TVector w12 = TSimd.Load(weights1 + (2 * operands.WeightColumnStep));
        float* weights2 = weights + (2 * operands.WeightRowStep);
        TVector w20 = TSimd.Load(weights2);
        TVector w21 = TSimd.Load(weights2 + operands.WeightColumnStep);
        TVector w22 = TSimd.Load(weights2 + (2 * operands.WeightColumnStep));
        TVector low = TSimd.Broadcast(operands.Low);
        TVector high = TSimd.Broadcast(operands.High);
        TVector bias = operands.Bias == null ? default : TSimd.Load(operands.Bias);
        nint step = operands.SourceColumnStep;
        nint rowStep = operands.SourceRowStep;
        nint targetStep = operands.TargetColumnStep;
        int column = 0;
        while (true)
        {
            float* pixel = source + (column * step);
            TVector a0 = bias, a1 = bias, a2 = bias, a3 = bias;
            TVector b0 = bias, b1 = bias, b2 = bias, b3 = bias;

            TVector x0 = TSimd.Load(pixel);
            TVector x1 = TSimd.Load(pixel + step);
            TVector x2 = TSimd.Load(pixel + (2 * step));
            TVector x3 = TSimd.Load(pixel + (3 * step));
            TVector x4 = TSimd.Load(pixel + (4 * step));
            TVector x5 = TSimd.Load(pixel + (5 * step));
            a0 = TSimd.MultiplyAdd(x0, w00, a0);
            a1 = TSimd.MultiplyAdd(x1, w00, a1);
            a2 = TSimd.MultiplyAdd(x2, w00, a2);
            a3 = TSimd.MultiplyAdd(x3, w00, a3);
            a0 = TSimd.MultiplyAdd(x1, w01, a0);
            a1 = TSimd.MultiplyAdd(x2, w01, a1);
            a2 = TSimd.MultiplyAdd(x3, w01, a2);
            a3 = TSimd.MultiplyAdd(x4, w01, a3);
            a0 = TSimd.MultiplyAdd(x2, w02, a0);
            a1 = TSimd.MultiplyAdd(x3, w02, a1);
            a2 = TSimd.MultiplyAdd(x4, w02, a2);
            a3 = TSimd.MultiplyAdd(x5, w02, a3);
            pixel += rowStep;

            x0 = TSimd.Load(pixel);
            x1 = TSimd.Load(pixel + step);
            x2 = TSimd.Load(pixel + (2 * step));
            x3 = TSimd.Load(pixel + (3 * step));
            x4 = TSimd.Load(pixel + (4 * step));
            x5 = TSimd.Load(pixel + (5 * step));
            a0 = TSimd.MultiplyAdd(x0, w10, a0);
            a1 = TSimd.MultiplyAdd(x1, w10, a1);
            a2 = TSimd.MultiplyAdd(x2, w10, a2);
            a3 = TSimd.MultiplyAdd(x3, w10, a3);
            b0 = TSimd.MultiplyAdd(x0, w00, b0);
            b1 = TSimd.MultiplyAdd(x1, w00, b1);
            b2 = TSimd.MultiplyAdd(x2, w00, b2);
            b3 = TSimd.MultiplyAdd(x3, w00, b3);
            a0 = TSimd.MultiplyAdd(x1, w11, a0);
            a1 = TSimd.MultiplyAdd(x2, w11, a1);
            a2 = TSimd.MultiplyAdd(x3, w11, a2);
            a3 = TSimd.MultiplyAdd(x4, w11, a3);
            b0 = TSimd.MultiplyAdd(x1, w01, b0);
            b1 = TSimd.MultiplyAdd(x2, w01, b1);
            b2 = TSimd.MultiplyAdd(x3, w01, b2);
            b3 = TSimd.MultiplyAdd(x4, w01, b3);
            a0 = TSimd.MultiplyAdd(x2, w12, a0);
            a1 = TSimd.MultiplyAdd(x3, w12, a1);
            a2 = TSimd.MultiplyAdd(x4, w12, a2);
            a3 = TSimd.MultiplyAdd(x5, w12, a3);
            b0 = TSimd.MultiplyAdd(x2, w02, b0);
            b1 = TSimd.MultiplyAdd(x3, w02, b1);
            b2 = TSimd.MultiplyAdd(x4, w02, b2);
            b3 = TSimd.MultiplyAdd(x5, w02, b3);
            pixel += rowStep;

            x0 = TSimd.Load(pixel);
            x1 = TSimd.Load(pixel + step);
            x2 = TSimd.Load(pixel + (2 * step));
            x3 = TSimd.Load(pixel + (3 * step));
            x4 = TSimd.Load(pixel + (4 * step));
            x5 = TSimd.Load(pixel + (5 * step));
            a0 = TSimd.MultiplyAdd(x0, w20, a0);
            a1 = TSimd.MultiplyAdd(x1, w20, a1);
            a2 = TSimd.MultiplyAdd(x2, w20, a2);
            a3 = TSimd.MultiplyAdd(x3, w20, a3);
            b0 = TSimd.MultiplyAdd(x0, w10, b0);
            b1 = TSimd.MultiplyAdd(x1, w10, b1);
            b2 = TSimd.MultiplyAdd(x2, w10, b2);
            b3 = TSimd.MultiplyAdd(x3, w10, b3);
            a0 = TSimd.MultiplyAdd(x1, w21, a0);
            a1 = TSimd.MultiplyAdd(x2, w21, a1);
            a2 = TSimd.MultiplyAdd(x3, w21, a2);
            a3 = TSimd.MultiplyAdd(x4, w21, a3);
            b0 = TSimd.MultiplyAdd(x1, w11, b0);
            b1 = TSimd.MultiplyAdd(x2, w11, b1);
            b2 = TSimd.MultiplyAdd(x3, w11, b2);
            b3 = TSimd.MultiplyAdd(x4, w11, b3);
            a0 = TSimd.MultiplyAdd(x2, w22, a0);
            a1 = TSimd.MultiplyAdd(x3, w22, a1);
            a2 = TSimd.MultiplyAdd(x4, w22, a2);
            a3 = TSimd.MultiplyAdd(x5, w22, a3);
            b0 = TSimd.MultiplyAdd(x2, w12, b0);
            b1 = TSimd.MultiplyAdd(x3, w12, b1);
            b2 = TSimd.MultiplyAdd(x4, w12, b2);
            b3 = TSimd.MultiplyAdd(x5, w12, b3);
            pixel += rowStep;

            x0 = TSimd.Load(pixel);
            x1 = TSimd.Load(pixel + step);
            x2 = TSimd.Load(pixel + (2 * step));
            x3 = TSimd.Load(pixel + (3 * step));
            x4 = TSimd.Load(pixel + (4 * step));
            x5 = TSimd.Load(pixel + (5 * step));
            b0 = TSimd.MultiplyAdd(x0, w20, b0);
            b1 = TSimd.MultiplyAdd(x1, w20, b1);
            b2 = TSimd.MultiplyAdd(x2, w20, b2);
            b3 = TSimd.MultiplyAdd(x3, w20, b3);
            b0 = TSimd.MultiplyAdd(x1, w21, b0);
            b1 = TSimd.MultiplyAdd(x2, w21, b1);
            b2 = TSimd.MultiplyAdd(x3, w21, b2);
            b3 = TSimd.MultiplyAdd(x4, w21, b3);
            b0 = TSimd.MultiplyAdd(x2, w22, b0);
            b1 = TSimd.MultiplyAdd(x3, w22, b1);
            b2 = TSimd.MultiplyAdd(x4, w22, b2);
            b3 = TSimd.MultiplyAdd(x5, w22, b3);

            float* result = target + (column * targetStep);
            TSimd.Store(TSimd.Clamp(a0, low, high), result);
            TSimd.Store(TSimd.Clamp(a1, low, high), result + targetStep);
            TSimd.Store(TSimd.Clamp(a2, low, high), result + (2 * targetStep));
            TSimd.Store(TSimd.Clamp(a3, low, high), result + (3 * targetStep));
            result += operands.TargetRowStep;
            TSimd.Store(TSimd.Clamp(b0, low, high), result);
            TSimd.Store(TSimd.Clamp(b1, low, high), result + targetStep);
            TSimd.Store(TSimd.Clamp(b2, low, high), result + (2 * targetStep));
            TSimd.Store(TSimd.Clamp(b3, low, high), result + (3 * targetStep));

            column += Columns;
            if (column >= columns)
            {
                return;
            }

            column = Math.Min(column, columns - Columns);
        }
    }
}
