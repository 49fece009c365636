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

    /// <summary>Writes one finished row of a tile of one vector.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly void Finish<TSimd, TVector>(int row, TVector value0)
        where TSimd : ISimd<TVector>
        where TVector : struct
    {
        float* output = Output + OutputRows[row];
        if (Accumulate || LastCount != TSimd.Width)
        {
            FinishSlowly<TSimd, TVector>(value0, output, last: true);
            return;
        }

        TSimd.Store(value0, output);
    }

    /// <summary>Writes one finished row of a tile of two vectors.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly void Finish<TSimd, TVector>(int row, TVector value0, TVector value1)
        where TSimd : ISimd<TVector>
        where TVector : struct
    {
        float* output = Output + OutputRows[row];
        if (Accumulate || LastCount != TSimd.Width)
        {
            FinishSlowly<TSimd, TVector>(value0, output, last: false);
            FinishSlowly<TSimd, TVector>(value1, output + TSimd.Width, last: true);
            return;
        }

        TSimd.Store(value0, output);
        TSimd.Store(value1, output + TSimd.Width);
    }

    /// <summary>Writes one finished row of a tile of three vectors.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly void Finish<TSimd, TVector>(int row, TVector value0, TVector value1, TVector value2)
        where TSimd : ISimd<TVector>
        where TVector : struct
    {
        float* output = Output + OutputRows[row];
        if (Accumulate || LastCount != TSimd.Width)
        {
            FinishSlowly<TSimd, TVector>(value0, output, last: false);
            FinishSlowly<TSimd, TVector>(value1, output + TSimd.Width, last: false);
            FinishSlowly<TSimd, TVector>(value2, output + (2 * TSimd.Width), last: true);
            return;
        }

        TSimd.Store(value0, output);
        TSimd.Store(value1, output + TSimd.Width);
        TSimd.Store(value2, output + (2 * TSimd.Width));
    }

    /// <summary>Writes one finished row of a tile of four vectors.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly void Finish<TSimd, TVector>(int row, TVector value0, TVector value1, TVector value2, TVector value3)
        where TSimd : ISimd<TVector>
        where TVector : struct
    {
        float* output = Output + OutputRows[row];
        if (Accumulate || LastCount != TSimd.Width)
        {
            FinishSlowly<TSimd, TVector>(value0, output, last: false);
            FinishSlowly<TSimd, TVector>(value1, output + TSimd.Width, last: false);
            FinishSlowly<TSimd, TVector>(value2, output + (2 * TSimd.Width), last: false);
            FinishSlowly<TSimd, TVector>(value3, output + (3 * TSimd.Width), last: true);
            return;
        }

        TSimd.Store(value0, output);
        TSimd.Store(value1, output + TSimd.Width);
        TSimd.Store(value2, output + (2 * TSimd.Width));
        TSimd.Store(value3, output + (3 * TSimd.Width));
    }

    /// <summary>Out of line, to keep the tiles small; passing the vector through memory is cheap at this rate.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private readonly void FinishSlowly<TSimd, TVector>(TVector value, float* output, bool last)
        where TSimd : ISimd<TVector>
        where TVector : struct
    {
        int count = last ? LastCount : TSimd.Width;
        if (Accumulate)
        {
            value = TSimd.Add(TSimd.LoadPartial(output, count), value);
        }

        TSimd.StorePartial(value, output, count);
    }
}
