using System.Runtime.CompilerServices;
using Sepal.Kernels.Simd;

namespace Sepal.Kernels.MatrixProducts;

/// <summary>Twelve rows by one vector, for products no wider than that: 13 loads for 12 multiply-adds.</summary>
internal readonly unsafe struct Tile12x1<TSimd, TVector> : ITile
    where TSimd : ISimd<TVector>
    where TVector : struct
{
    public static int Rows => 12;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Run(in TileOperands operands, int row)
    {
        nint* rows = operands.LeftRows + row;
        float* left0 = operands.Left + rows[0];
        float* left1 = operands.Left + rows[1];
        float* left2 = operands.Left + rows[2];
        float* left3 = operands.Left + rows[3];
        float* left4 = operands.Left + rows[4];
        float* left5 = operands.Left + rows[5];
        float* left6 = operands.Left + rows[6];
        float* left7 = operands.Left + rows[7];
        float* left8 = operands.Left + rows[8];
        float* left9 = operands.Left + rows[9];
        float* left10 = operands.Left + rows[10];
        float* left11 = operands.Left + rows[11];
        nint leftStep = operands.LeftStep;
        nint rightStep = operands.RightStep;
        float* right = operands.Right;
        TVector start0 = operands.Start<TSimd, TVector>(0, last: true);
        TVector c00 = start0;
        TVector c10 = start0;
        TVector c20 = start0;
        TVector c30 = start0;
        TVector c40 = start0;
        TVector c50 = start0;
        TVector c60 = start0;
        TVector c70 = start0;
        TVector c80 = start0;
        TVector c90 = start0;
        TVector ca0 = start0;
        TVector cb0 = start0;
        for (int run = 0; run < operands.RunCount; run++)
        {
            operands.Fetched.Fetch(run, operands.RunCount);
            nint i = operands.Runs[run];
            for (int n = operands.RunLength; n > 0; n--)
            {
                TVector b0 = TSimd.Load(right);
                c00 = TSimd.MultiplyAdd(TSimd.Broadcast(left0[i]), b0, c00);
                c10 = TSimd.MultiplyAdd(TSimd.Broadcast(left1[i]), b0, c10);
                c20 = TSimd.MultiplyAdd(TSimd.Broadcast(left2[i]), b0, c20);
                c30 = TSimd.MultiplyAdd(TSimd.Broadcast(left3[i]), b0, c30);
                c40 = TSimd.MultiplyAdd(TSimd.Broadcast(left4[i]), b0, c40);
                c50 = TSimd.MultiplyAdd(TSimd.Broadcast(left5[i]), b0, c50);
                c60 = TSimd.MultiplyAdd(TSimd.Broadcast(left6[i]), b0, c60);
                c70 = TSimd.MultiplyAdd(TSimd.Broadcast(left7[i]), b0, c70);
                c80 = TSimd.MultiplyAdd(TSimd.Broadcast(left8[i]), b0, c80);
                c90 = TSimd.MultiplyAdd(TSimd.Broadcast(left9[i]), b0, c90);
                ca0 = TSimd.MultiplyAdd(TSimd.Broadcast(left10[i]), b0, ca0);
                cb0 = TSimd.MultiplyAdd(TSimd.Broadcast(left11[i]), b0, cb0);
                i += leftStep;
                right += rightStep;
            }
        }

        nint* outputRows = operands.BeginWrite<TSimd, TVector>(
            row, out float* output, out float* addend, out _, out TVector low, out TVector high);
        TileOperands.Write<TSimd, TVector>(output, addend, outputRows[0], low, high, c00);
        TileOperands.Write<TSimd, TVector>(output, addend, outputRows[1], low, high, c10);
        TileOperands.Write<TSimd, TVector>(output, addend, outputRows[2], low, high, c20);
        TileOperands.Write<TSimd, TVector>(output, addend, outputRows[3], low, high, c30);
        TileOperands.Write<TSimd, TVector>(output, addend, outputRows[4], low, high, c40);
        TileOperands.Write<TSimd, TVector>(output, addend, outputRows[5], low, high, c50);
        TileOperands.Write<TSimd, TVector>(output, addend, outputRows[6], low, high, c60);
        TileOperands.Write<TSimd, TVector>(output, addend, outputRows[7], low, high, c70);
        TileOperands.Write<TSimd, TVector>(output, addend, outputRows[8], low, high, c80);
        TileOperands.Write<TSimd, TVector>(output, addend, outputRows[9], low, high, c90);
        TileOperands.Write<TSimd, TVector>(output, addend, outputRows[10], low, high, ca0);
        TileOperands.Write<TSimd, TVector>(output, addend, outputRows[11], low, high, cb0);
        operands.Finish<TSimd, TVector>(row, 12, 1);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void RunRow(in TileOperands operands, int row)
    {
        nint* rows = operands.LeftRows + row;
        float* left0 = operands.Left + rows[0];
        nint leftStep = operands.LeftStep;
        nint rightStep = operands.RightStep;
        float* right = operands.Right;
        TVector start0 = operands.Start<TSimd, TVector>(0, last: true);
        TVector c00 = start0;
        for (int run = 0; run < operands.RunCount; run++)
        {
            nint i = operands.Runs[run];
            for (int n = operands.RunLength; n > 0; n--)
            {
                TVector b0 = TSimd.Load(right);
                c00 = TSimd.MultiplyAdd(TSimd.Broadcast(left0[i]), b0, c00);
                i += leftStep;
                right += rightStep;
            }
        }

        nint* outputRows = operands.BeginWrite<TSimd, TVector>(
            row, out float* output, out float* addend, out _, out TVector low, out TVector high);
        TileOperands.Write<TSimd, TVector>(output, addend, outputRows[0], low, high, c00);
        operands.Finish<TSimd, TVector>(row, 1, 1);
    }
}
