namespace Sepal.Kernels.MatrixProducts;

/// <summary>The inner dimension of a product whose left matrix is read where it lies: equally long runs of terms.</summary>
internal sealed class Runs
{
    private Runs(List<nint> starts, int length)
    {
        Starts = GC.AllocateUninitializedArray<nint>(starts.Count, pinned: true);
        starts.CopyTo(Starts);
        Length = length;
    }

    /// <summary>The offset of each run's first term.</summary>
    public nint[] Starts { get; }

    public int Count => Starts.Length;

    /// <summary>Terms of each run.</summary>
    public int Length { get; }

    /// <summary>Over the channels of all taps of a window. Taps whose channels touch become one run.</summary>
    public static Runs OfTaps(in Correlation correlation, SourceWindow window, int channels)
    {
        List<nint> starts = [];
        for (int row = 0; row < correlation.Rows.Taps; row++)
        {
            for (int column = 0; column < correlation.Columns.Taps; column++)
            {
                starts.Add(window.TapOffset(row, column));
            }
        }

        return Join(starts, channels, step: 1, correlation.Columns.Taps);
    }

    /// <summary>Over the pixels of a strip of target rows. Rows that follow one another evenly become one run.</summary>
    public static Runs OfPixels(in Correlation correlation, SourceWindow window, int rows)
    {
        List<nint> starts = [];
        for (int row = 0; row < rows; row++)
        {
            starts.Add(window.TargetOffset(row, 0));
        }

        nint step = window.TargetOffset(0, 1);
        return Join(starts, correlation.Columns.TargetCount, step, rows);
    }

    /// <summary>
    /// Joins all runs, or those of each group of so many, where each starts where the one before it stops.
    /// </summary>
    private static Runs Join(List<nint> starts, int length, nint step, int groupSize)
    {
        if (FollowOn(starts, starts.Count, length, step))
        {
            return new Runs(starts.Count == 0 ? [] : [starts[0]], length * Math.Max(starts.Count, 1));
        }

        return groupSize > 1 && FollowOn(starts, groupSize, length, step)
            ? new Runs([.. starts.Where((_, i) => i % groupSize == 0)], length * groupSize)
            : new Runs(starts, length);
    }

    private static bool FollowOn(List<nint> starts, int groupSize, int length, nint step)
    {
        for (int i = 1; i < starts.Count; i++)
        {
            if (i % groupSize != 0 && starts[i] != starts[i - 1] + (length * step))
            {
                return false;
            }
        }

        return true;
    }
}
