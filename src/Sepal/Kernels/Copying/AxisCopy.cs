namespace Sepal.Kernels.Copying;

/// <summary>
/// Copies a tensor so that each axis of the destination reads the source's at positions of its own: slicing, padding, repeating,
/// resizing to the nearest. Trailing axes that stay as they are make runs that are copied whole.
/// </summary>
internal sealed unsafe class AxisCopy
{
    /// <summary>A position that is filled rather than copied.</summary>
    public const int Outside = -1;

    /// <summary>Elements for which a copy of their own costs no more than a loop.</summary>
    private const int LeastSegment = 4;

    private readonly Axis[] _outer;
    private readonly int[] _positions;
    private readonly Segment[] _segments;
    private readonly bool _usesPositions;

    private AxisCopy(Axis[] outer, int[] positions, long run)
    {
        _outer = outer;
        _positions = positions;
        _segments = Segments(positions, run);
        _usesPositions = run == 1 && (long)_segments.Length * LeastSegment > positions.Length;
        Rows = outer.Aggregate(1L, (product, axis) => product * axis.Extent);
        RowLength = positions.Length * run;
    }

    /// <summary>Rows of the destination: all axes but those of a run and the one before them.</summary>
    public long Rows { get; }

    /// <summary>Elements of a row.</summary>
    public long RowLength { get; }

    /// <summary>Makes the kernel, or null where the destination is the source.</summary>
    /// <param name="dimensions">The source's dimensions.</param>
    /// <param name="positions">
    /// For each axis, the source's position for each of the destination's, or <see cref="Outside"/>; null where they are the same.
    /// </param>
    public static AxisCopy? Create(ReadOnlySpan<int> dimensions, ReadOnlySpan<int[]?> positions)
    {
        int inner = positions.Length - 1;
        long run = 1;
        for (; inner >= 0 && positions[inner] is null; inner--)
        {
            run *= dimensions[inner];
        }

        if (inner < 0)
        {
            return null;
        }

        long stride = run * dimensions[inner];
        var outer = new List<Axis>();
        for (int axis = inner - 1; axis >= 0; axis--)
        {
            if (positions[axis] is null && outer is [.., { Positions: null } last])
            {
                outer[^1] = last with { Extent = last.Extent * dimensions[axis] };
            }
            else
            {
                outer.Add(new Axis(positions[axis]?.Length ?? dimensions[axis], stride, positions[axis]));
            }

            stride *= dimensions[axis];
        }

        return new AxisCopy([.. outer], positions[inner]!, run);
    }

    /// <summary>Writes some rows of the destination.</summary>
    /// <param name="source">The source.</param>
    /// <param name="destination">The destination.</param>
    /// <param name="fill">The element for positions outside, or null for zero.</param>
    /// <param name="elementBytes">Bytes of an element: 1, 2, 4 or 8.</param>
    /// <param name="from">The first row.</param>
    /// <param name="to">Just after the last one.</param>
    public void Run(void* source, void* destination, void* fill, int elementBytes, long from, long to)
    {
        switch (elementBytes)
        {
            case 1:
                Run((byte*)source, (byte*)destination, (byte*)fill, from, to);
                break;
            case 2:
                Run((ushort*)source, (ushort*)destination, (ushort*)fill, from, to);
                break;
            case 4:
                Run((uint*)source, (uint*)destination, (uint*)fill, from, to);
                break;
            default:
                Run((ulong*)source, (ulong*)destination, (ulong*)fill, from, to);
                break;
        }
    }

    /// <summary>Stretches of the destination's row that are one stretch of the source, or are filled.</summary>
    private static Segment[] Segments(int[] positions, long run)
    {
        var segments = new List<Segment>();
        for (int index = 0; index < positions.Length; index++)
        {
            int position = positions[index];
            if (segments.Count > 0 && segments[^1] is var last
                && (position == Outside ? last.Source < 0 : last.Source >= 0 && last.Source + last.Length == position * run))
            {
                segments[^1] = last with { Length = last.Length + run };
            }
            else
            {
                segments.Add(new Segment(position == Outside ? -1 : position * run, run));
            }
        }

        return [.. segments];
    }

    private static void Fill<T>(T* destination, long length, T value)
        where T : unmanaged
    {
        for (; length > int.MaxValue; length -= int.MaxValue, destination += int.MaxValue)
        {
            new Span<T>(destination, int.MaxValue).Fill(value);
        }

        new Span<T>(destination, (int)length).Fill(value);
    }

    private void Run<T>(T* source, T* destination, T* fill, long from, long to)
        where T : unmanaged
    {
        T value = fill == null ? default : *fill;
        destination += from * RowLength;
        for (long row = from; row < to; row++, destination += RowLength)
        {
            long start = Start(row);
            if (start < 0)
            {
                Fill(destination, RowLength, value);
            }
            else if (_usesPositions)
            {
                CopyPositions(source + start, destination, value);
            }
            else
            {
                CopySegments(source + start, destination, value);
            }
        }
    }

    /// <summary>Where in the source a row begins; negative if it is filled.</summary>
    private long Start(long row)
    {
        long start = 0;
        foreach (Axis axis in _outer)
        {
            (row, long index) = Math.DivRem(row, axis.Extent);
            long position = axis.Positions is { } positions ? positions[index] : index;
            if (position < 0)
            {
                return -1;
            }

            start += position * axis.Stride;
        }

        return start;
    }

    private void CopyPositions<T>(T* source, T* destination, T value)
        where T : unmanaged
    {
        for (int index = 0; index < _positions.Length; index++)
        {
            int position = _positions[index];
            destination[index] = position < 0 ? value : source[position];
        }
    }

    private void CopySegments<T>(T* source, T* destination, T value)
        where T : unmanaged
    {
        foreach (Segment segment in _segments)
        {
            if (segment.Source < 0)
            {
                Fill(destination, segment.Length, value);
            }
            else
            {
                long bytes = segment.Length * sizeof(T);
                Buffer.MemoryCopy(source + segment.Source, destination, bytes, bytes);
            }

            destination += segment.Length;
        }
    }

    /// <summary>An axis before the row's own, innermost first.</summary>
    private readonly record struct Axis(long Extent, long Stride, int[]? Positions);

    private readonly record struct Segment(long Source, long Length);
}
