using System.Runtime.CompilerServices;
using Sepal.Kernels.Simd;

namespace Sepal.Kernels.MatrixProducts;

/// <summary>Nine rows by two vectors, for 32 registers: the gradient of a 3×3 kernel on one channel has nine rows.</summary>
internal readonly unsafe struct Tile9x2<TSimd, TVector> : ITile
    where TSimd : ISimd<TVector>
    where TVector : struct
{
    public static int Rows => 9;

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
        nint leftStep = operands.LeftStep;
        nint rightStep = operands.RightStep;
        float* right = operands.Right;
        TVector start0 = operands.Start<TSimd, TVector>(0, last: false);
        TVector start1 = operands.Start<TSimd, TVector>(1, last: true);
        TVector c00 = start0, c01 = start1;
        TVector c10 = start0, c11 = start1;
        TVector c20 = start0, c21 = start1;
        TVector c30 = start0, c31 = start1;
        TVector c40 = start0, c41 = start1;
        TVector c50 = start0, c51 = start1;
        TVector c60 = start0, c61 = start1;
        TVector c70 = start0, c71 = start1;
        TVector c80 = start0, c81 = start1;
        for (int run = 0; run < operands.RunCount; run++)
        {
            operands.Fetched.Fetch(run, operands.RunCount);
            nint i = operands.Runs[run];
            for (int n = operands.RunLength; n > 0; n--)
            {
                TVector b0 = TSimd.Load(right);
                TVector b1 = TSimd.Load(right + TSimd.Width);
                TVector a = TSimd.Broadcast(left0[i]);
                c00 = TSimd.MultiplyAdd(a, b0, c00);
                c01 = TSimd.MultiplyAdd(a, b1, c01);
                a = TSimd.Broadcast(left1[i]);
                c10 = TSimd.MultiplyAdd(a, b0, c10);
                c11 = TSimd.MultiplyAdd(a, b1, c11);
                a = TSimd.Broadcast(left2[i]);
                c20 = TSimd.MultiplyAdd(a, b0, c20);
                c21 = TSimd.MultiplyAdd(a, b1, c21);
                a = TSimd.Broadcast(left3[i]);
                c30 = TSimd.MultiplyAdd(a, b0, c30);
                c31 = TSimd.MultiplyAdd(a, b1, c31);
                a = TSimd.Broadcast(left4[i]);
                c40 = TSimd.MultiplyAdd(a, b0, c40);
                c41 = TSimd.MultiplyAdd(a, b1, c41);
                a = TSimd.Broadcast(left5[i]);
                c50 = TSimd.MultiplyAdd(a, b0, c50);
                c51 = TSimd.MultiplyAdd(a, b1, c51);
                a = TSimd.Broadcast(left6[i]);
                c60 = TSimd.MultiplyAdd(a, b0, c60);
                c61 = TSimd.MultiplyAdd(a, b1, c61);
                a = TSimd.Broadcast(left7[i]);
                c70 = TSimd.MultiplyAdd(a, b0, c70);
                c71 = TSimd.MultiplyAdd(a, b1, c71);
                a = TSimd.Broadcast(left8[i]);
                c80 = TSimd.MultiplyAdd(a, b0, c80);
                c81 = TSimd.MultiplyAdd(a, b1, c81);
                i += leftStep;
                right += rightStep;
            }
        }

        nint* outputRows = operands.BeginWrite<TSimd, TVector>(
            row, out float* output, out float* addend, out nint overlap, out TVector low, out TVector high);
        TileOperands.Write<TSimd, TVector>(output, addend, outputRows[0], overlap, low, high, c00, c01);
        TileOperands.Write<TSimd, TVector>(output, addend, outputRows[1], overlap, low, high, c10, c11);
        TileOperands.Write<TSimd, TVector>(output, addend, outputRows[2], overlap, low, high, c20, c21);
        TileOperands.Write<TSimd, TVector>(output, addend, outputRows[3], overlap, low, high, c30, c31);
        TileOperands.Write<TSimd, TVector>(output, addend, outputRows[4], overlap, low, high, c40, c41);
        TileOperands.Write<TSimd, TVector>(output, addend, outputRows[5], overlap, low, high, c50, c51);
        TileOperands.Write<TSimd, TVector>(output, addend, outputRows[6], overlap, low, high, c60, c61);
        TileOperands.Write<TSimd, TVector>(output, addend, outputRows[7], overlap, low, high, c70, c71);
        TileOperands.Write<TSimd, TVector>(output, addend, outputRows[8], overlap, low, high, c80, c81);
        operands.Finish<TSimd, TVector>(row, 9, 2);
    }

    public static void RunRow(in TileOperands operands, int row) => Tile12x2<TSimd, TVector>.RunRow(operands, row);
}
