namespace Sepal.Kernels.Broadcasting;

/// <summary>
/// How two or three operands are repeated over a larger tensor that lies in storage order: extents and strides, with
/// neighbouring axes that all operands treat alike merged, so that the innermost axis is as long as it can be. A stride of 0 repeats. On the
/// innermost axis every stride is 0 or 1.
/// </summary>
internal sealed class BroadcastLayout
{
    private BroadcastLayout(long[] extents, long[] firstStrides, long[] secondStrides, long[] thirdStrides)
    {
        Extents = extents;
        FirstStrides = firstStrides;
        SecondStrides = secondStrides;
        ThirdStrides = thirdStrides;
    }

    public long[] Extents { get; }

    public long[] FirstStrides { get; }

    public long[] SecondStrides { get; }

    /// <summary>The strides of a third operand; where there is none, those of the first.</summary>
    public long[] ThirdStrides { get; }

    public int Rank => Extents.Length;

    /// <summary>Elements along the innermost axis.</summary>
    public long InnerLength => Extents[^1];

    /// <summary>Elements of the larger tensor.</summary>
    public long Length => Extents.Aggregate(1L, (product, extent) => product * extent);

    /// <summary>Lays operands out over a tensor, as NumPy broadcasts.</summary>
    /// <param name="whole">The tensor's dimensions.</param>
    /// <param name="first">The first operand's.</param>
    /// <param name="second">The second operand's.</param>
    /// <param name="third">The third operand's, if there is one.</param>
    public static BroadcastLayout Create(int[] whole, int[] first, int[] second, int[]? third = null)
    {
        long[] firstStrides = Strides(whole, first);
        long[] secondStrides = Strides(whole, second);
        long[] thirdStrides = third is null ? firstStrides : Strides(whole, third);
        var axes = new List<(long Extent, long First, long Second, long Third)>();
        for (int axis = whole.Length - 1; axis >= 0; axis--)
        {
            (long Extent, long First, long Second, long Third) outer =
                (whole[axis], firstStrides[axis], secondStrides[axis], thirdStrides[axis]);
            if (outer.Extent == 1)
            {
                continue;
            }

            if (axes.Count > 0
                && axes[^1] is var inner
                && outer.First == inner.First * inner.Extent
                && outer.Second == inner.Second * inner.Extent
                && outer.Third == inner.Third * inner.Extent)
            {
                axes[^1] = inner with { Extent = inner.Extent * outer.Extent };
            }
            else
            {
                axes.Add(outer);
            }
        }

        if (axes.Count == 0)
        {
            axes.Add((1, 1, 1, 1));
        }

        axes.Reverse();
        return new BroadcastLayout(
            [.. axes.Select(axis => axis.Extent)],
            [.. axes.Select(axis => axis.First)],
            [.. axes.Select(axis => axis.Second)],
            [.. axes.Select(axis => axis.Third)]);
    }

    private static long[] Strides(int[] whole, int[] operand)
    {
        var strides = new long[whole.Length];
        long stride = 1;
        for (int axis = operand.Length - 1; axis >= 0; axis--)
        {
            int position = axis + whole.Length - operand.Length;
            strides[position] = operand[axis] == 1 ? 0 : stride;
            stride *= operand[axis];
        }

        return strides;
    }
}
