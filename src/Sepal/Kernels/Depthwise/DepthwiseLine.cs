using System.Runtime.CompilerServices;
using Sepal.Kernels.Simd;

namespace Sepal.Kernels.Depthwise;

/// <summary>
/// A row or a column of pixels of a depthwise correlation with any taps, for one vector of channels. Four pixels at a time
/// share the load of a weight: 5 loads for 4 multiply-adds.
/// </summary>
internal static unsafe class DepthwiseLine<TSimd, TVector>
    where TSimd : ISimd<TVector>
    where TVector : struct
{
    private const int Group = 4;

    /// <summary>Computes pixels at even steps, along a row or a column.</summary>
    /// <param name="operands">What all pixels of the correlation share.</param>
    /// <param name="source">Under the first of the taps of the first pixel.</param>
    /// <param name="step">Floats of the source from one pixel to the next.</param>
    /// <param name="weights">Of the first of the taps.</param>
    /// <param name="tapRows">Rows of taps.</param>
    /// <param name="tapColumns">Taps of a row.</param>
    /// <param name="target">The first pixel.</param>
    /// <param name="targetStep">Floats of the target from one pixel to the next.</param>
    /// <param name="count">Pixels.</param>
    public static void Run(
        in DepthwiseOperands operands, float* source, nint step, float* weights, int tapRows, int tapColumns,
        float* target, nint targetStep, int count)
    {
        if (count < Group)
        {
            for (int i = 0; i < count; i++)
            {
                One(operands, source + (i * step), weights, tapRows, tapColumns, target + (i * targetStep));
            }

            return;
        }

        Fours(operands, source, step, weights, tapRows, tapColumns, target, targetStep, count);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Fours(
        in DepthwiseOperands operands, float* source, nint step, float* weights, int tapRows, int tapColumns,
        float* target, nint targetStep, int count)
    {
        TVector low = TSimd.Broadcast(operands.Low);
        TVector high = TSimd.Broadcast(operands.High);
        TVector bias = operands.Bias == null ? default : TSimd.Load(operands.Bias);
        nint twoSteps = 2 * step;
        nint threeSteps = 3 * step;
        nint tapStep = operands.TapColumnStep;
        nint tapRowStep = operands.TapRowStep;
        nint weightStep = operands.WeightColumnStep;
        nint weightRowStep = operands.WeightRowStep;
        for (int i = 0; i < count; i += Group)
        {
            // The last group overlaps the one before it.
            int first = Math.Min(i, count - Group);
            TVector sum0 = bias, sum1 = bias, sum2 = bias, sum3 = bias;
            float* tapRow = source + (first * step);
            float* weightRow = weights;
            for (int row = tapRows; row > 0; row--)
            {
                float* tap = tapRow;
                float* weight = weightRow;
                for (int column = tapColumns; column > 0; column--)
                {
                    TVector value = TSimd.Load(weight);
                    sum0 = TSimd.MultiplyAdd(value, TSimd.Load(tap), sum0);
                    sum1 = TSimd.MultiplyAdd(value, TSimd.Load(tap + step), sum1);
                    sum2 = TSimd.MultiplyAdd(value, TSimd.Load(tap + twoSteps), sum2);
                    sum3 = TSimd.MultiplyAdd(value, TSimd.Load(tap + threeSteps), sum3);
                    tap += tapStep;
                    weight += weightStep;
                }

                tapRow += tapRowStep;
                weightRow += weightRowStep;
            }

            float* result = target + (first * targetStep);
            TSimd.Store(TSimd.Clamp(sum0, low, high), result);
            TSimd.Store(TSimd.Clamp(sum1, low, high), result + targetStep);
            TSimd.Store(TSimd.Clamp(sum2, low, high), result + (2 * targetStep));
            TSimd.Store(TSimd.Clamp(sum3, low, high), result + (3 * targetStep));
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void One(
        in DepthwiseOperands operands, float* source, float* weights, int tapRows, int tapColumns, float* target)
    {
        TVector low = TSimd.Broadcast(operands.Low);
        TVector high = TSimd.Broadcast(operands.High);
        TVector sum = operands.Bias == null ? default : TSimd.Load(operands.Bias);
        for (int row = tapRows; row > 0; row--)
        {
            float* tap = source;
            float* weight = weights;
            for (int column = tapColumns; column > 0; column--)
            {
                sum = TSimd.MultiplyAdd(TSimd.Load(weight), TSimd.Load(tap), sum);
                tap += operands.TapColumnStep;
                weight += operands.WeightColumnStep;
            }

            source += operands.TapRowStep;
            weights += operands.WeightRowStep;
        }

        TSimd.Store(TSimd.Clamp(sum, low, high), target);
    }
}
