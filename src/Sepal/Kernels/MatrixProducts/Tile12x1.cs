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

        operands.Finish<TSimd, TVector>(row, c00);
        operands.Finish<TSimd, TVector>(row + 1, c10);
        operands.Finish<TSimd, TVector>(row + 2, c20);
        operands.Finish<TSimd, TVector>(row + 3, c30);
        operands.Finish<TSimd, TVector>(row + 4, c40);
        operands.Finish<TSimd, TVector>(row + 5, c50);
        operands.Finish<TSimd, TVector>(row + 6, c60);
        operands.Finish<TSimd, TVector>(row + 7, c70);
        operands.Finish<TSimd, TVector>(row + 8, c80);
        operands.Finish<TSimd, TVector>(row + 9, c90);
        operands.Finish<TSimd, TVector>(row + 10, ca0);
        operands.Finish<TSimd, TVector>(row + 11, cb0);
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

        operands.Finish<TSimd, TVector>(row, c00);
    }
}
