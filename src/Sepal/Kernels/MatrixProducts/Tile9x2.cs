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

        bool isWhole = operands.Whole == null;
        float* output = isWhole ? operands.Output : operands.Whole;
        nint* outputRows = isWhole ? operands.OutputRows + row : operands.WholeRows;
        float* outputRow;
        if (isWhole && operands.Accumulate)
        {
            outputRow = output + outputRows[0];
            TSimd.Store(TSimd.Add(TSimd.Load(outputRow), c00), outputRow);
            TSimd.Store(TSimd.Add(TSimd.Load(outputRow + TSimd.Width), c01), outputRow + TSimd.Width);
            outputRow = output + outputRows[1];
            TSimd.Store(TSimd.Add(TSimd.Load(outputRow), c10), outputRow);
            TSimd.Store(TSimd.Add(TSimd.Load(outputRow + TSimd.Width), c11), outputRow + TSimd.Width);
            outputRow = output + outputRows[2];
            TSimd.Store(TSimd.Add(TSimd.Load(outputRow), c20), outputRow);
            TSimd.Store(TSimd.Add(TSimd.Load(outputRow + TSimd.Width), c21), outputRow + TSimd.Width);
            outputRow = output + outputRows[3];
            TSimd.Store(TSimd.Add(TSimd.Load(outputRow), c30), outputRow);
            TSimd.Store(TSimd.Add(TSimd.Load(outputRow + TSimd.Width), c31), outputRow + TSimd.Width);
            outputRow = output + outputRows[4];
            TSimd.Store(TSimd.Add(TSimd.Load(outputRow), c40), outputRow);
            TSimd.Store(TSimd.Add(TSimd.Load(outputRow + TSimd.Width), c41), outputRow + TSimd.Width);
            outputRow = output + outputRows[5];
            TSimd.Store(TSimd.Add(TSimd.Load(outputRow), c50), outputRow);
            TSimd.Store(TSimd.Add(TSimd.Load(outputRow + TSimd.Width), c51), outputRow + TSimd.Width);
            outputRow = output + outputRows[6];
            TSimd.Store(TSimd.Add(TSimd.Load(outputRow), c60), outputRow);
            TSimd.Store(TSimd.Add(TSimd.Load(outputRow + TSimd.Width), c61), outputRow + TSimd.Width);
            outputRow = output + outputRows[7];
            TSimd.Store(TSimd.Add(TSimd.Load(outputRow), c70), outputRow);
            TSimd.Store(TSimd.Add(TSimd.Load(outputRow + TSimd.Width), c71), outputRow + TSimd.Width);
            outputRow = output + outputRows[8];
            TSimd.Store(TSimd.Add(TSimd.Load(outputRow), c80), outputRow);
            TSimd.Store(TSimd.Add(TSimd.Load(outputRow + TSimd.Width), c81), outputRow + TSimd.Width);
            return;
        }

        outputRow = output + outputRows[0];
        TSimd.Store(c00, outputRow);
        TSimd.Store(c01, outputRow + TSimd.Width);
        outputRow = output + outputRows[1];
        TSimd.Store(c10, outputRow);
        TSimd.Store(c11, outputRow + TSimd.Width);
        outputRow = output + outputRows[2];
        TSimd.Store(c20, outputRow);
        TSimd.Store(c21, outputRow + TSimd.Width);
        outputRow = output + outputRows[3];
        TSimd.Store(c30, outputRow);
        TSimd.Store(c31, outputRow + TSimd.Width);
        outputRow = output + outputRows[4];
        TSimd.Store(c40, outputRow);
        TSimd.Store(c41, outputRow + TSimd.Width);
        outputRow = output + outputRows[5];
        TSimd.Store(c50, outputRow);
        TSimd.Store(c51, outputRow + TSimd.Width);
        outputRow = output + outputRows[6];
        TSimd.Store(c60, outputRow);
        TSimd.Store(c61, outputRow + TSimd.Width);
        outputRow = output + outputRows[7];
        TSimd.Store(c70, outputRow);
        TSimd.Store(c71, outputRow + TSimd.Width);
        outputRow = output + outputRows[8];
        TSimd.Store(c80, outputRow);
        TSimd.Store(c81, outputRow + TSimd.Width);

        if (!isWhole)
        {
            operands.Finish<TSimd, TVector>(row, 9, 2);
        }
    }

    public static void RunRow(in TileOperands operands, int row) => Tile12x2<TSimd, TVector>.RunRow(operands, row);
}
