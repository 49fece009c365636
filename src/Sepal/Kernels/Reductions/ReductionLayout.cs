namespace Sepal.Kernels.Reductions;

/// <summary>
/// How a tensor in storage order is reduced: its axes in groups of neighbours that are all reduced or all kept. The innermost
/// group is apart: either its elements are reduced to one (rows), or they are reduced side by side (columns).
/// </summary>
internal sealed class ReductionLayout
{
    private readonly (long Extent, long Stride)[] _kept;
    private readonly (long Extent, long Stride)[] _reduced;

    public ReductionLayout(int[] dimensions, bool[] reduced)
    {
        var groups = new List<(long Extent, bool Reduced)>();
        for (int axis = 0; axis < dimensions.Length; axis++)
        {
            if (dimensions[axis] == 1)
            {
                continue;
            }

            if (groups.Count > 0 && groups[^1].Reduced == reduced[axis])
            {
                groups[^1] = (groups[^1].Extent * dimensions[axis], reduced[axis]);
            }
            else
            {
                groups.Add((dimensions[axis], reduced[axis]));
            }
        }

        (InnerLength, IsRows) = groups.Count == 0 ? (1, false) : groups[^1];
        var kept = new List<(long Extent, long Stride)>();
        var summed = new List<(long Extent, long Stride)>();
        long stride = InnerLength;
        for (int index = groups.Count - 2; index >= 0; index--)
        {
            (groups[index].Reduced ? summed : kept).Add((groups[index].Extent, stride));
            stride *= groups[index].Extent;
        }

        _kept = [.. kept];
        _reduced = [.. summed];
        OuterLength = Product(_kept);
        Repeats = Product(_reduced);
    }

    /// <summary>Whether the innermost group is reduced.</summary>
    public bool IsRows { get; }

    /// <summary>Elements of the innermost group.</summary>
    public long InnerLength { get; }

    /// <summary>The kept elements outside the innermost group.</summary>
    public long OuterLength { get; }

    /// <summary>The reduced elements outside the innermost group.</summary>
    public long Repeats { get; }

    /// <summary>Elements of the result.</summary>
    public long OutputLength => OuterLength * (IsRows ? 1 : InnerLength);

    /// <summary>Elements of the input behind each of the result.</summary>
    public long ReducedLength => Repeats * (IsRows ? InnerLength : 1);

    /// <summary>How many of the reduced elements outside the innermost group lie evenly, one after the other.</summary>
    public long RunLength => _reduced.Length == 0 ? 1 : _reduced[0].Extent;

    /// <summary>How far apart they lie.</summary>
    public long RunStride => _reduced.Length == 0 ? 0 : _reduced[0].Stride;

    /// <summary>Where a kept element's stretch begins.</summary>
    public long KeptOffset(long index) => Offset(_kept, index);

    /// <summary>How far from there the stretch of a reduced element lies.</summary>
    public long ReducedOffset(long index) => Offset(_reduced, index);

    private static long Product((long Extent, long Stride)[] groups) => groups.Aggregate(1L, (product, group) => product * group.Extent);

    private static long Offset((long Extent, long Stride)[] groups, long index)
    {
        long offset = 0;
        foreach ((long extent, long stride) in groups)
        {
            (index, long position) = Math.DivRem(index, extent);
            offset += position * stride;
        }

        return offset;
    }
}
