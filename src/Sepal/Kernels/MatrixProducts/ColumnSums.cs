using System.Runtime.CompilerServices;
using Sepal.Kernels.Simd;

namespace Sepal.Kernels.MatrixProducts;

/// <summary>
/// Products with a single row, summed over pixels. One accumulator a vector, as in the tiles, would wait four cycles for
/// each pixel; here four take turns, which only the gradients by kernel and bias may do: their sums have no
/// order to keep but a fixed one.
/// </summary>
internal static unsafe class ColumnSums<TSimd, TVector>
    where TSimd : ISimd<TVector>
    where TVector : struct
{
    /// <summary>Adds up rows of the right matrix.</summary>
    /// <param name="operands">Only what concerns the right matrix and the output is read.</param>
    /// <param name="vectors">Of a row.</param>
    /// <param name="count">Rows to add up.</param>
    public static void Run(in TileOperands operands, int vectors, int count)
    {
        for (int vector = 0; vector < vectors; vector++)
        {
            Finish(operands, Sum(operands.Right + (vector * TSimd.Width), operands.RightStep, count), vector, vectors);
        }
    }

    /// <summary>Adds up rows of the right matrix, each times the left row's value.</summary>
    public static void RunWeighted(in TileOperands operands, int vectors)
    {
        for (int vector = 0; vector < vectors; vector++)
        {
            Finish(operands, WeightedSum(operands, operands.Right + (vector * TSimd.Width)), vector, vectors);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static TVector Sum(float* right, nint step, int count)
    {
        TVector sum0 = default, sum1 = default, sum2 = default, sum3 = default;
        for (; count >= 4; count -= 4, right += 4 * step)
        {
            sum0 = TSimd.Add(sum0, TSimd.Load(right));
            sum1 = TSimd.Add(sum1, TSimd.Load(right + step));
            sum2 = TSimd.Add(sum2, TSimd.Load(right + (2 * step)));
            sum3 = TSimd.Add(sum3, TSimd.Load(right + (3 * step)));
        }

        for (; count > 0; count--, right += step)
        {
            sum0 = TSimd.Add(sum0, TSimd.Load(right));
        }

        return TSimd.Add(TSimd.Add(sum0, sum1), TSimd.Add(sum2, sum3));
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static TVector WeightedSum(in TileOperands operands, float* right)
    {
        TVector sum0 = default, sum1 = default, sum2 = default, sum3 = default;
        nint step = operands.RightStep;
        nint leftStep = operands.LeftStep;
        for (int run = 0; run < operands.RunCount; run++)
        {
            float* left = operands.Left + operands.LeftRows[0] + operands.Runs[run];
            int count = operands.RunLength;
            for (; count >= 4; count -= 4, right += 4 * step, left += 4 * leftStep)
            {
                sum0 = TSimd.MultiplyAdd(TSimd.Broadcast(left[0]), TSimd.Load(right), sum0);
                sum1 = TSimd.MultiplyAdd(TSimd.Broadcast(left[leftStep]), TSimd.Load(right + step), sum1);
                sum2 = TSimd.MultiplyAdd(TSimd.Broadcast(left[2 * leftStep]), TSimd.Load(right + (2 * step)), sum2);
                sum3 = TSimd.MultiplyAdd(TSimd.Broadcast(left[3 * leftStep]), TSimd.Load(right + (3 * step)), sum3);
            }

            for (; count > 0; count--, right += step, left += leftStep)
            {
                sum0 = TSimd.MultiplyAdd(TSimd.Broadcast(left[0]), TSimd.Load(right), sum0);
            }
        }

        return TSimd.Add(TSimd.Add(sum0, sum1), TSimd.Add(sum2, sum3));
    }

    private static void Finish(in TileOperands operands, TVector sum, int vector, int vectors)
    {
        float* output = operands.Output + operands.OutputRows[0] + (vector * TSimd.Width);
        int count = vector == vectors - 1 ? operands.LastCount : TSimd.Width;
        if (operands.Accumulate)
        {
            sum = TSimd.Add(TSimd.LoadPartial(output, count), sum);
        }

        TSimd.StorePartial(sum, output, count);
    }
}
