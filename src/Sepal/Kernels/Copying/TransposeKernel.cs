using Sepal.Kernels.Simd;

namespace Sepal.Kernels.Copying;

/// <summary>
/// Puts the axes of a tensor in another order. Axes that stay neighbours are one axis; what remains is a copy of runs where
/// the last axis stays last, and otherwise many transpositions of a matrix, done in blocks: its rows are the axis that is
/// contiguous in the source, its columns the one that is contiguous in the destination.
/// </summary>
internal sealed unsafe class TransposeKernel
{
    /// <summary>Rows of a block: a cache line of floats in the source.</summary>
    private const int BlockRows = 16;

    private readonly long[] _outerExtents;
    private readonly long[] _outerSourceStrides;
    private readonly long[] _outerStrides;
    private readonly long _rowStride;
    private readonly long _columnStride;

    private TransposeKernel(long[] extents, long[] sourceStrides, long[] strides)
    {
        // Strides as in memory: the last axis of the source is the one of stride 1.
        int last = extents.Length - 1;
        int row = Array.IndexOf(sourceStrides, 1L);
        IsRuns = row == last;
        Columns = extents[last];
        _columnStride = sourceStrides[last];
        Rows = IsRuns ? 1 : extents[row];
        _rowStride = IsRuns ? 0 : strides[row];
        int[] outer = [.. Enumerable.Range(0, last).Where(axis => IsRuns || axis != row)];
        _outerExtents = [.. outer.Select(axis => extents[axis])];
        _outerSourceStrides = [.. outer.Select(axis => sourceStrides[axis])];
        _outerStrides = [.. outer.Select(axis => strides[axis])];
        Matrices = _outerExtents.Aggregate(1L, (product, extent) => product * extent);
    }

    /// <summary>How many matrices there are.</summary>
    public long Matrices { get; }

    /// <summary>Rows of one: elements that lie side by side in the source.</summary>
    public long Rows { get; }

    /// <summary>Columns of one: elements that lie side by side in the destination.</summary>
    public long Columns { get; }

    /// <summary>Whether the columns lie side by side in the source too.</summary>
    public bool IsRuns { get; }

    /// <summary>Makes the kernel, or null where the order in memory stays as it is.</summary>
    /// <param name="dimensions">The source's dimensions.</param>
    /// <param name="permutation">For each axis of the destination, the axis of the source.</param>
    public static TransposeKernel? Create(ReadOnlySpan<int> dimensions, ReadOnlySpan<int> permutation)
    {
        long[] sourceStrides = Strides(dimensions);
        var extents = new List<long>();
        var steps = new List<long>();
        foreach (int axis in permutation)
        {
            if (dimensions[axis] == 1)
            {
                continue;
            }

            // The axis before steps over exactly this one: both are one axis.
            if (steps.Count > 0 && steps[^1] == sourceStrides[axis] * dimensions[axis])
            {
                extents[^1] *= dimensions[axis];
                steps[^1] = sourceStrides[axis];
            }
            else
            {
                extents.Add(dimensions[axis]);
                steps.Add(sourceStrides[axis]);
            }
        }

        if (extents.Count <= 1 || extents.Contains(0))
        {
            return null;
        }

        var strides = new long[extents.Count];
        long stride = 1;
        for (int axis = extents.Count - 1; axis >= 0; axis--)
        {
            strides[axis] = stride;
            stride *= extents[axis];
        }

        return new TransposeKernel([.. extents], [.. steps], strides);
    }

    /// <summary>Writes some rows, counted over all matrices.</summary>
    /// <param name="source">The source.</param>
    /// <param name="destination">The destination.</param>
    /// <param name="elementBytes">Bytes of an element: 1, 2, 4 or 8.</param>
    /// <param name="from">The first row.</param>
    /// <param name="to">Just after the last one.</param>
    public void Run(void* source, void* destination, int elementBytes, long from, long to)
    {
        switch (elementBytes)
        {
            case 1:
                Run((byte*)source, (byte*)destination, from, to);
                break;
            case 2:
                Run((ushort*)source, (ushort*)destination, from, to);
                break;
            case 4:
                Run((float*)source, (float*)destination, from, to);
                break;
            default:
                Run((ulong*)source, (ulong*)destination, from, to);
                break;
        }
    }

    private static long[] Strides(ReadOnlySpan<int> dimensions)
    {
        var strides = new long[dimensions.Length];
        long stride = 1;
        for (int axis = dimensions.Length - 1; axis >= 0; axis--)
        {
            strides[axis] = stride;
            stride *= dimensions[axis];
        }

        return strides;
    }

    private void Run<T>(T* source, T* destination, long from, long to)
        where T : unmanaged
    {
        while (from < to)
        {
            (long matrix, long row) = Math.DivRem(from, Rows);
            long end = Math.Min(Rows, row + to - from);
            (long sourceStart, long start) = Place(matrix);
            if (IsRuns)
            {
                Buffer.MemoryCopy(source + sourceStart, destination + start, Columns * sizeof(T), Columns * sizeof(T));
            }
            else if (sizeof(T) == sizeof(float))
            {
                FloatMatrix((float*)source + sourceStart, (float*)destination + start, row, end);
            }
            else
            {
                Matrix(source + sourceStart, destination + start, row, end, 0);
            }

            from += end - row;
        }
    }

    /// <summary>Where a matrix begins in the source and in the destination.</summary>
    private (long Source, long Destination) Place(long matrix)
    {
        long source = 0;
        long destination = 0;
        for (int axis = _outerExtents.Length - 1; axis >= 0; axis--)
        {
            (matrix, long index) = Math.DivRem(matrix, _outerExtents[axis]);
            source += index * _outerSourceStrides[axis];
            destination += index * _outerStrides[axis];
        }

        return (source, destination);
    }

    /// <summary>Rows of a matrix of floats: four by four, and what is left one by one.</summary>
    private void FloatMatrix(float* source, float* destination, long row, long end)
    {
        const int Size = Transposition.Size;
        long wholeColumns = Columns - (Columns % Size);
        for (; row + Size <= end; row += BlockRows)
        {
            long blockEnd = Math.Min(row + BlockRows, end);
            blockEnd -= (blockEnd - row) % Size;
            for (long column = 0; column < wholeColumns; column += Size)
            {
                for (long r = row; r < blockEnd; r += Size)
                {
                    Transposition.FourByFour(
                        source + (column * _columnStride) + r,
                        (nint)_columnStride,
                        destination + (r * _rowStride) + column,
                        (nint)_rowStride);
                }
            }

            Matrix(source, destination, row, blockEnd, wholeColumns);
            if (blockEnd < row + BlockRows)
            {
                row = blockEnd;
                break;
            }
        }

        Matrix(source, destination, row, end, 0);
    }

    /// <summary>Rows of a matrix from a column on, in blocks of rows.</summary>
    private void Matrix<T>(T* source, T* destination, long row, long end, long firstColumn)
        where T : unmanaged
    {
        for (; row < end; row += BlockRows)
        {
            long blockEnd = Math.Min(row + BlockRows, end);
            for (long column = firstColumn; column < Columns; column++)
            {
                T* from = source + (column * _columnStride);
                T* to = destination + column;
                for (long r = row; r < blockEnd; r++)
                {
                    to[r * _rowStride] = from[r];
                }
            }
        }
    }
}
