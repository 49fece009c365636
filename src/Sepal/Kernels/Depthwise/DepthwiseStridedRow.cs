using System.Runtime.CompilerServices;
using Sepal.Kernels.Simd;

namespace Sepal.Kernels.Depthwise;

/// <summary>
/// Rows of a 3×3 or 5×5 depthwise convolution at stride two along them, away from the border, for one vector of channels. Four
/// neighbouring pixels share what lies under their taps: 9 loads for 12 multiply-adds, or 11 for 20.
/// </summary>
internal static unsafe class DepthwiseStridedRow<TSimd, TVector>
    where TSimd : ISimd<TVector>
    where TVector : struct
{
    /// <summary>Pixels that are computed together; no row may be shorter.</summary>
    public const int Columns = 4;

    /// <summary>Computes a whole row of pixels with three rows of three taps. The last group overlaps the one before it.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void ThreeByThree(in DepthwiseOperands operands, float* source, float* weights, float* target, int columns)
    {
        TVector bias = operands.Bias == null ? default : TSimd.Load(operands.Bias);
        TVector low = TSimd.Broadcast(operands.Low);
        TVector high = TSimd.Broadcast(operands.High);
        nint step = operands.TapColumnStep;
        nint weightStep = operands.WeightColumnStep;
        nint targetStep = operands.TargetColumnStep;
        float* weights0 = weights;
        TVector w00 = TSimd.Load(weights0);
        TVector w01 = TSimd.Load(weights0 + weightStep);
        TVector w02 = TSimd.Load(weights0 + (2 * weightStep));
        float* weights1 = weights + (1 * operands.WeightRowStep);
        TVector w10 = TSimd.Load(weights1);
        TVector w11 = TSimd.Load(weights1 + weightStep);
        TVector w12 = TSimd.Load(weights1 + (2 * weightStep));
        float* weights2 = weights + (2 * operands.WeightRowStep);
        TVector w20 = TSimd.Load(weights2);
        TVector w21 = TSimd.Load(weights2 + weightStep);
        TVector w22 = TSimd.Load(weights2 + (2 * weightStep));
        int column = 0;
        while (true)
        {
            TVector a0 = bias, a1 = bias, a2 = bias, a3 = bias;
            float* pixel = source + (column * operands.SourceColumnStep);
            TVector x = TSimd.Load(pixel);
            a0 = TSimd.MultiplyAdd(x, w00, a0);
            x = TSimd.Load(pixel + step);
            a0 = TSimd.MultiplyAdd(x, w01, a0);
            x = TSimd.Load(pixel + (2 * step));
            a1 = TSimd.MultiplyAdd(x, w00, a1);
            a0 = TSimd.MultiplyAdd(x, w02, a0);
            x = TSimd.Load(pixel + (3 * step));
            a1 = TSimd.MultiplyAdd(x, w01, a1);
            x = TSimd.Load(pixel + (4 * step));
            a2 = TSimd.MultiplyAdd(x, w00, a2);
            a1 = TSimd.MultiplyAdd(x, w02, a1);
            x = TSimd.Load(pixel + (5 * step));
            a2 = TSimd.MultiplyAdd(x, w01, a2);
            x = TSimd.Load(pixel + (6 * step));
            a3 = TSimd.MultiplyAdd(x, w00, a3);
            a2 = TSimd.MultiplyAdd(x, w02, a2);
            x = TSimd.Load(pixel + (7 * step));
            a3 = TSimd.MultiplyAdd(x, w01, a3);
            x = TSimd.Load(pixel + (8 * step));
            a3 = TSimd.MultiplyAdd(x, w02, a3);
            pixel += operands.TapRowStep;

            x = TSimd.Load(pixel);
            a0 = TSimd.MultiplyAdd(x, w10, a0);
            x = TSimd.Load(pixel + step);
            a0 = TSimd.MultiplyAdd(x, w11, a0);
            x = TSimd.Load(pixel + (2 * step));
            a1 = TSimd.MultiplyAdd(x, w10, a1);
            a0 = TSimd.MultiplyAdd(x, w12, a0);
            x = TSimd.Load(pixel + (3 * step));
            a1 = TSimd.MultiplyAdd(x, w11, a1);
            x = TSimd.Load(pixel + (4 * step));
            a2 = TSimd.MultiplyAdd(x, w10, a2);
            a1 = TSimd.MultiplyAdd(x, w12, a1);
            x = TSimd.Load(pixel + (5 * step));
            a2 = TSimd.MultiplyAdd(x, w11, a2);
            x = TSimd.Load(pixel + (6 * step));
            a3 = TSimd.MultiplyAdd(x, w10, a3);
            a2 = TSimd.MultiplyAdd(x, w12, a2);
            x = TSimd.Load(pixel + (7 * step));
            a3 = TSimd.MultiplyAdd(x, w11, a3);
            x = TSimd.Load(pixel + (8 * step));
            a3 = TSimd.MultiplyAdd(x, w12, a3);
            pixel += operands.TapRowStep;

            x = TSimd.Load(pixel);
            a0 = TSimd.MultiplyAdd(x, w20, a0);
            x = TSimd.Load(pixel + step);
            a0 = TSimd.MultiplyAdd(x, w21, a0);
            x = TSimd.Load(pixel + (2 * step));
            a1 = TSimd.MultiplyAdd(x, w20, a1);
            a0 = TSimd.MultiplyAdd(x, w22, a0);
            x = TSimd.Load(pixel + (3 * step));
            a1 = TSimd.MultiplyAdd(x, w21, a1);
            x = TSimd.Load(pixel + (4 * step));
            a2 = TSimd.MultiplyAdd(x, w20, a2);
            a1 = TSimd.MultiplyAdd(x, w22, a1);
            x = TSimd.Load(pixel + (5 * step));
            a2 = TSimd.MultiplyAdd(x, w21, a2);
            x = TSimd.Load(pixel + (6 * step));
            a3 = TSimd.MultiplyAdd(x, w20, a3);
            a2 = TSimd.MultiplyAdd(x, w22, a2);
            x = TSimd.Load(pixel + (7 * step));
            a3 = TSimd.MultiplyAdd(x, w21, a3);
            x = TSimd.Load(pixel + (8 * step));
            a3 = TSimd.MultiplyAdd(x, w22, a3);

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

    /// <summary>Computes a whole row of pixels with five rows of five taps. The last group overlaps the one before it.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void FiveByFive(in DepthwiseOperands operands, float* source, float* weights, float* target, int columns)
    {
        TVector bias = operands.Bias == null ? default : TSimd.Load(operands.Bias);
        TVector low = TSimd.Broadcast(operands.Low);
        TVector high = TSimd.Broadcast(operands.High);
        nint step = operands.TapColumnStep;
        nint weightStep = operands.WeightColumnStep;
        nint targetStep = operands.TargetColumnStep;
        int column = 0;
        while (true)
        {
            TVector a0 = bias, a1 = bias, a2 = bias, a3 = bias;
            float* pixel = source + (column * operands.SourceColumnStep);
            float* weight = weights;
            for (int row = 0; row < 5; row++)
            {
                TVector w0 = TSimd.Load(weight);
                TVector w1 = TSimd.Load(weight + weightStep);
                TVector w2 = TSimd.Load(weight + (2 * weightStep));
                TVector w3 = TSimd.Load(weight + (3 * weightStep));
                TVector w4 = TSimd.Load(weight + (4 * weightStep));
                TVector x = TSimd.Load(pixel);
                a0 = TSimd.MultiplyAdd(x, w0, a0);
                x = TSimd.Load(pixel + step);
                a0 = TSimd.MultiplyAdd(x, w1, a0);
                x = TSimd.Load(pixel + (2 * step));
                a1 = TSimd.MultiplyAdd(x, w0, a1);
                a0 = TSimd.MultiplyAdd(x, w2, a0);
                x = TSimd.Load(pixel + (3 * step));
                a1 = TSimd.MultiplyAdd(x, w1, a1);
                a0 = TSimd.MultiplyAdd(x, w3, a0);
                x = TSimd.Load(pixel + (4 * step));
                a2 = TSimd.MultiplyAdd(x, w0, a2);
                a1 = TSimd.MultiplyAdd(x, w2, a1);
                a0 = TSimd.MultiplyAdd(x, w4, a0);
                x = TSimd.Load(pixel + (5 * step));
                a2 = TSimd.MultiplyAdd(x, w1, a2);
                a1 = TSimd.MultiplyAdd(x, w3, a1);
                x = TSimd.Load(pixel + (6 * step));
                a3 = TSimd.MultiplyAdd(x, w0, a3);
                a2 = TSimd.MultiplyAdd(x, w2, a2);
                a1 = TSimd.MultiplyAdd(x, w4, a1);
                x = TSimd.Load(pixel + (7 * step));
                a3 = TSimd.MultiplyAdd(x, w1, a3);
                a2 = TSimd.MultiplyAdd(x, w3, a2);
                x = TSimd.Load(pixel + (8 * step));
                a3 = TSimd.MultiplyAdd(x, w2, a3);
                a2 = TSimd.MultiplyAdd(x, w4, a2);
                x = TSimd.Load(pixel + (9 * step));
                a3 = TSimd.MultiplyAdd(x, w3, a3);
                x = TSimd.Load(pixel + (10 * step));
                a3 = TSimd.MultiplyAdd(x, w4, a3);
                pixel += operands.TapRowStep;
                weight += operands.WeightRowStep;
            }

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
