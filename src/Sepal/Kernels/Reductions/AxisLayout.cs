namespace Sepal.Kernels.Reductions;

/// <summary>A tensor in storage order as its elements before, along and after one axis.</summary>
/// <param name="Outer">The product of the extents before the axis.</param>
/// <param name="Length">The axis's extent.</param>
/// <param name="Inner">The product of the extents after the axis: how far apart its elements lie.</param>
internal readonly record struct AxisLayout(long Outer, long Length, long Inner)
{
    /// <summary>How many stretches along the axis there are.</summary>
    public long Lines => Outer * Inner;

    /// <summary>A tensor around an axis from 0.</summary>
    public static AxisLayout Create(int[] dimensions, int axis) =>
        new(Product(dimensions.AsSpan(0, axis)), dimensions[axis], Product(dimensions.AsSpan(axis + 1)));

    /// <summary>Where a line's first element lies, in a tensor whose axis has this or another extent.</summary>
    public long Start(long line, long length)
    {
        (long outer, long inner) = Math.DivRem(line, Inner);
        return (outer * length * Inner) + inner;
    }

    private static long Product(ReadOnlySpan<int> extents)
    {
        long product = 1;
        foreach (int extent in extents)
        {
            product *= extent;
        }

        return product;
    }
}
