using System.Runtime.CompilerServices;
using Sepal.Kernels.Elementwise;
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

    /// <summary>Whether the product is added to what the output holds; then no other addend can be given.</summary>
    public bool Accumulate;

    /// <summary>What is added to the product, laid out as the output, or null.</summary>
    public float* Addend;

    /// <summary>Whether results are clamped to <see cref="Low"/> and <see cref="High"/>; a NaN stays one.</summary>
    public bool Clamps;

    public float Low;

    public float High;

    /// <summary>A function to apply to the results, or null.</summary>
    public UnaryKernel? Curve;

    /// <summary>Floats to write of the panel's last vector.</summary>
    public int LastCount;

    /// <summary>
    /// By how many floats the last vector overlaps the one before it, so that it ends where the row ends. The columns that both
    /// compute come out the same. None where there is no vector before it.
    /// </summary>
    public int LastOverlap;

    /// <summary>
    /// Where tiles write whole vectors for <see cref="Finish"/> to pass on, with a row after the other; null where they write
    /// to the output at once. No tile calls anything before it has stored: a call that its accumulators have to survive
    /// makes the JIT write them to the stack at every step of the inner loop, at a quarter of the speed.
    /// </summary>
    public float* Whole;

    /// <summary>For each row of a tile, its offset from <see cref="Whole"/>.</summary>
    public nint* WholeRows;

    /// <summary>What a tile fetches, a share at the beginning of each run.</summary>
    public UpcomingRows Fetched;

    /// <summary>What the left side of the next strip will be.</summary>
    public UpcomingRows NextLeft;

    /// <summary>What will be read together with that.</summary>
    public UpcomingRows NextCompanion;

    /// <summary>What the right side of the next strip, or its output, will be.</summary>
    public UpcomingRows NextOther;

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
    /// What writing a tile's rows takes, in registers: the fields themselves would be read again after every store, which might have
    /// changed them.
    /// </summary>
    /// <param name="row">The tile's first row.</param>
    /// <param name="output">What the offsets count from.</param>
    /// <param name="addend">What is added, laid out as the output, or null.</param>
    /// <param name="overlap">By how many floats the last vector overlaps the one before it.</param>
    /// <param name="low">The lower bound; minus infinity for none.</param>
    /// <param name="high">The upper bound; infinity for none.</param>
    /// <returns>The offset of each row.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly nint* BeginWrite<TSimd, TVector>(
        int row, out float* output, out float* addend, out nint overlap, out TVector low, out TVector high)
        where TSimd : ISimd<TVector>
        where TVector : struct
    {
        bool isWhole = Whole == null;
        bool clamps = isWhole && Clamps;
        output = isWhole ? Output : Whole;
        addend = isWhole ? Addend : null;
        overlap = isWhole ? LastOverlap : 0;
        low = TSimd.Broadcast(clamps ? Low : float.NegativeInfinity);
        high = TSimd.Broadcast(clamps ? High : float.PositiveInfinity);
        return isWhole ? OutputRows + row : WholeRows;
    }

    /// <summary>The result of one accumulator.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Result<TSimd, TVector>(TVector value, float* addend, nint offset, TVector low, TVector high)
        where TSimd : ISimd<TVector>
        where TVector : struct =>
        TSimd.Clamp(addend == null ? value : TSimd.Add(TSimd.Load(addend + offset), value), low, high);

    /// <summary>Writes one finished row of a panel of one vector.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Write<TSimd, TVector>(
        float* output, float* addend, nint offset, TVector low, TVector high, TVector c0)
        where TSimd : ISimd<TVector>
        where TVector : struct
    {
        c0 = Result<TSimd, TVector>(c0, addend, offset, low, high);
        TSimd.Store(c0, output + offset);
    }

    /// <summary>Writes one finished row of a panel of two vectors.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Write<TSimd, TVector>(
        float* output, float* addend, nint offset, nint overlap, TVector low, TVector high, TVector c0, TVector c1)
        where TSimd : ISimd<TVector>
        where TVector : struct
    {
        nint last = offset + TSimd.Width - overlap;
        c0 = Result<TSimd, TVector>(c0, addend, offset, low, high);
        c1 = Result<TSimd, TVector>(c1, addend, last, low, high);
        TSimd.Store(c0, output + offset);
        TSimd.Store(c1, output + last);
    }

    /// <summary>Writes one finished row of a panel of three vectors.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Write<TSimd, TVector>(
        float* output, float* addend, nint offset, nint overlap, TVector low, TVector high, TVector c0, TVector c1, TVector c2)
        where TSimd : ISimd<TVector>
        where TVector : struct
    {
        nint last = offset + (2 * TSimd.Width) - overlap;
        c0 = Result<TSimd, TVector>(c0, addend, offset, low, high);
        c1 = Result<TSimd, TVector>(c1, addend, offset + TSimd.Width, low, high);
        c2 = Result<TSimd, TVector>(c2, addend, last, low, high);
        TSimd.Store(c0, output + offset);
        TSimd.Store(c1, output + offset + TSimd.Width);
        TSimd.Store(c2, output + last);
    }

    /// <summary>Writes one finished row of a panel of four vectors.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Write<TSimd, TVector>(
        float* output, float* addend, nint offset, nint overlap, TVector low, TVector high, TVector c0, TVector c1, TVector c2, TVector c3)
        where TSimd : ISimd<TVector>
        where TVector : struct
    {
        nint last = offset + (3 * TSimd.Width) - overlap;
        c0 = Result<TSimd, TVector>(c0, addend, offset, low, high);
        c1 = Result<TSimd, TVector>(c1, addend, offset + TSimd.Width, low, high);
        c2 = Result<TSimd, TVector>(c2, addend, offset + (2 * TSimd.Width), low, high);
        c3 = Result<TSimd, TVector>(c3, addend, last, low, high);
        TSimd.Store(c0, output + offset);
        TSimd.Store(c1, output + offset + TSimd.Width);
        TSimd.Store(c2, output + offset + (2 * TSimd.Width));
        TSimd.Store(c3, output + last);
    }

    /// <summary>Does what is left to do for rows of a tile that were written.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly void Finish<TSimd, TVector>(int row, int rows, int vectors)
        where TSimd : ISimd<TVector>
        where TVector : struct
    {
        if (Whole != null)
        {
            PassOn<TSimd, TVector>(row, rows, vectors);
        }
    }

    /// <summary>Applies the function, if there is one, to rows that were written.</summary>
    public readonly void ApplyCurve(int row, int rows, int vectors, int vectorWidth)
    {
        // The columns that two vectors compute are in one panel, so that both have written them before this comes to any.
        Curve?.ForwardRows(Output, OutputRows + row, rows, ((vectors - 1) * vectorWidth) - LastOverlap + LastCount);
    }

    /// <summary>
    /// Writes finished rows that a tile left in <see cref="Whole"/>, of the last vector a part only.
    /// </summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private readonly void PassOn<TSimd, TVector>(int row, int rows, int vectors)
        where TSimd : ISimd<TVector>
        where TVector : struct
    {
        float* finished = Whole;
        for (int r = row; r < row + rows; r++)
        {
            nint offset = OutputRows[r];
            for (int vector = 0; vector < vectors; vector++, finished += TSimd.Width, offset += TSimd.Width)
            {
                int count = vector == vectors - 1 ? LastCount : TSimd.Width;
                TVector value = TSimd.Load(finished);
                if (Addend != null)
                {
                    value = TSimd.Add(TSimd.LoadPartial(Addend + offset, count), value);
                }

                TSimd.StorePartial(Clamp<TSimd, TVector>(value), Output + offset, count);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private readonly TVector Clamp<TSimd, TVector>(TVector value)
        where TSimd : ISimd<TVector>
        where TVector : struct =>
        Clamps ? TSimd.Clamp(value, TSimd.Broadcast(Low), TSimd.Broadcast(High)) : value;
}
