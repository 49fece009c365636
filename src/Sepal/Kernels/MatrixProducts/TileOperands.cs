using System.Runtime.CompilerServices;
using Sepal.Kernels.Simd;

namespace Sepal.Kernels.MatrixProducts;

/// <summary>
/// One panel of a matrix product <c>output = left · right + bias</c>. The inner dimension is a list of runs, so that
/// one set of tiles serves matrices, windows of images (a run per kernel row), and sums over pixels (a run per row of
/// pixels):
/// <code>output[r][c] = bias[c] + Σ over runs, n: left[leftRows[r] + runs[run] + n·leftStep] · right[t·rightStep + c]</code>
/// where t counts the terms of all runs. Every output element has one accumulator and takes its terms in
/// that order in every tile, so its bits do not depend on the tile that computed it.
/// </summary>
internal unsafe struct TileOperands
{
    public float* Left;

    /// <summary>For each row, its offset from <see cref="Left"/>.</summary>
    public nint* LeftRows;

    /// <summary>For each run, the offset of its first term.</summary>
    public nint* Runs;

    public int RunCount;

    public int RunLength;

    /// <summary>Floats of left from one term to the next.</summary>
    public nint LeftStep;

    public float* Right;

    /// <summary>Floats of right from one term to the next; all the panel's vectors must be readable in each.</summary>
    public nint RightStep;

    public float* Output;

    /// <summary>For each row, its offset from <see cref="Output"/>.</summary>
    public nint* OutputRows;

    /// <summary>A row to add to every row of the product, or null.</summary>
    public float* Bias;

    /// <summary>Whether the product is added to what the output holds.</summary>
    public bool Accumulate;

    /// <summary>Floats to write of the panel's last vector.</summary>
    public int LastCount;

    /// <summary>
    /// Where tiles write whole vectors for <see cref="Finish"/> to pass on, with a row after the other; null where they write
    /// to the output at once. No tile calls anything before it has stored: a call that its accumulators have to survive
    /// makes the JIT write them to the stack at every step of the inner loop, at a quarter of the speed.
    /// </summary>
    public float* Whole;

    /// <summary>For each row of a tile, its offset from <see cref="Whole"/>.</summary>
    public nint* WholeRows;

    /// <summary>What the accumulators of one of the panel's vectors start from.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly TVector Start<TSimd, TVector>(int vector, bool last)
        where TSimd : ISimd<TVector>
        where TVector : struct
    {
        if (Bias == null)
        {
            return default;
        }

        float* bias = Bias + (vector * TSimd.Width);
        return last ? TSimd.LoadPartial(bias, LastCount) : TSimd.Load(bias);
    }

    /// <summary>
    /// Writes finished rows that a tile left in <see cref="Whole"/>, of the last vector a part only.
    /// </summary>
    public readonly void Finish<TSimd, TVector>(int row, int rows, int vectors)
        where TSimd : ISimd<TVector>
        where TVector : struct
    {
        float* finished = Whole;
        for (int r = row; r < row + rows; r++)
        {
            float* output = Output + OutputRows[r];
            for (int vector = 0; vector < vectors; vector++, finished += TSimd.Width, output += TSimd.Width)
            {
                int count = vector == vectors - 1 ? LastCount : TSimd.Width;
                TVector value = TSimd.Load(finished);
                if (Accumulate)
                {
                    value = TSimd.Add(TSimd.LoadPartial(output, count), value);
                }

                TSimd.StorePartial(value, output, count);
            }
        }
    }
}
