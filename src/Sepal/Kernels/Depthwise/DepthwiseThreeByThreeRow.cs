using System.Runtime.CompilerServices;
using Sepal.Kernels.Simd;

namespace Sepal.Kernels.Depthwise;

/// <summary>
/// The 3×3 depthwise correlation at any stride and dilation, away from the border, for one vector of channels: four pixels
/// of a row at a time with the nine weights in registers, 36 loads for 36 multiply-adds and no loop over taps.
/// </summary>
internal static unsafe class DepthwiseThreeByThreeRow<TSimd, TVector>
    where TSimd : ISimd<TVector>
    where TVector : struct
{
    /// <summary>Pixels that are computed together; no row may be shorter.</summary>
    public const int Columns = 4;

    /// <summary>Computes a whole row of pixels. The last group overlaps the one before it.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Run(in DepthwiseOperands operands, float* source, float* weights, float* target, int columns)
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
        nint tapStep = operands.TapColumnStep;
        nint rowStep = operands.TapRowStep;
        nint targetStep = operands.TargetColumnStep;
        int column = 0;
        while (true)
        {
            TVector a0 = bias, a1 = bias, a2 = bias, a3 = bias;
            float* row = source + (column * step);
            float* tap = row;
            a0 = TSimd.MultiplyAdd(w00, TSimd.Load(tap), a0);
            a1 = TSimd.MultiplyAdd(w00, TSimd.Load(tap + step), a1);
            a2 = TSimd.MultiplyAdd(w00, TSimd.Load(tap + (2 * step)), a2);
            a3 = TSimd.MultiplyAdd(w00, TSimd.Load(tap + (3 * step)), a3);
            tap = row + tapStep;
            a0 = TSimd.MultiplyAdd(w01, TSimd.Load(tap), a0);
            a1 = TSimd.MultiplyAdd(w01, TSimd.Load(tap + step), a1);
            a2 = TSimd.MultiplyAdd(w01, TSimd.Load(tap + (2 * step)), a2);
            a3 = TSimd.MultiplyAdd(w01, TSimd.Load(tap + (3 * step)), a3);
            tap = row + (2 * tapStep);
            a0 = TSimd.MultiplyAdd(w02, TSimd.Load(tap), a0);
            a1 = TSimd.MultiplyAdd(w02, TSimd.Load(tap + step), a1);
            a2 = TSimd.MultiplyAdd(w02, TSimd.Load(tap + (2 * step)), a2);
            a3 = TSimd.MultiplyAdd(w02, TSimd.Load(tap + (3 * step)), a3);
            row += rowStep;
            tap = row;
            a0 = TSimd.MultiplyAdd(w10, TSimd.Load(tap), a0);
            a1 = TSimd.MultiplyAdd(w10, TSimd.Load(tap + step), a1);
            a2 = TSimd.MultiplyAdd(w10, TSimd.Load(tap + (2 * step)), a2);
            a3 = TSimd.MultiplyAdd(w10, TSimd.Load(tap + (3 * step)), a3);
            tap = row + tapStep;
            a0 = TSimd.MultiplyAdd(w11, TSimd.Load(tap), a0);
            a1 = TSimd.MultiplyAdd(w11, TSimd.Load(tap + step), a1);
            a2 = TSimd.MultiplyAdd(w11, TSimd.Load(tap + (2 * step)), a2);
            a3 = TSimd.MultiplyAdd(w11, TSimd.Load(tap + (3 * step)), a3);
            tap = row + (2 * tapStep);
            a0 = TSimd.MultiplyAdd(w12, TSimd.Load(tap), a0);
            a1 = TSimd.MultiplyAdd(w12, TSimd.Load(tap + step), a1);
            a2 = TSimd.MultiplyAdd(w12, TSimd.Load(tap + (2 * step)), a2);
            a3 = TSimd.MultiplyAdd(w12, TSimd.Load(tap + (3 * step)), a3);
            row += rowStep;
            tap = row;
            a0 = TSimd.MultiplyAdd(w20, TSimd.Load(tap), a0);
            a1 = TSimd.MultiplyAdd(w20, TSimd.Load(tap + step), a1);
            a2 = TSimd.MultiplyAdd(w20, TSimd.Load(tap + (2 * step)), a2);
            a3 = TSimd.MultiplyAdd(w20, TSimd.Load(tap + (3 * step)), a3);
            tap = row + tapStep;
            a0 = TSimd.MultiplyAdd(w21, TSimd.Load(tap), a0);
            a1 = TSimd.MultiplyAdd(w21, TSimd.Load(tap + step), a1);
            a2 = TSimd.MultiplyAdd(w21, TSimd.Load(tap + (2 * step)), a2);
            a3 = TSimd.MultiplyAdd(w21, TSimd.Load(tap + (3 * step)), a3);
            tap = row + (2 * tapStep);
            a0 = TSimd.MultiplyAdd(w22, TSimd.Load(tap), a0);
            a1 = TSimd.MultiplyAdd(w22, TSimd.Load(tap + step), a1);
            a2 = TSimd.MultiplyAdd(w22, TSimd.Load(tap + (2 * step)), a2);
            a3 = TSimd.MultiplyAdd(w22, TSimd.Load(tap + (3 * step)), a3);

            float* result = target + (column * targetStep);
            TSimd.Store(TSimd.Clamp(a0, low, high), result);
            TSimd.Store(TSimd.Clamp(a1, low, high), result + targetStep);
            TSimd.Store(TSimd.Clamp(a2, low, high), result + (2 * targetStep));
            TSimd.Store(TSimd.Clamp(a3, low, high), result + (3 * targetStep));
            column += Columns;
            if (column >= columns)
            {
                return;
            }

            column = Math.Min(column, columns - Columns);
        }
    }
}
