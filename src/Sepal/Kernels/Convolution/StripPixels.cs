namespace Sepal.Kernels.Convolution;

/// <summary>
/// Where the pixels of a strip of target rows lie, in the source's window and in the target: looked up, as working it out
/// for every pixel takes longer than a short dot product. All strips are alike.
/// </summary>
internal sealed class StripPixels
{
    private readonly Correlation _correlation;

    public StripPixels(in Correlation correlation, SourceWindow window, int rows)
    {
        _correlation = correlation;
        int columns = correlation.Columns.TargetCount;
        Sources = GC.AllocateUninitializedArray<nint>(rows * columns, pinned: true);
        Targets = GC.AllocateUninitializedArray<nint>(rows * columns, pinned: true);
        for (int i = 0; i < Sources.Length; i++)
        {
            (int row, int column) = Math.DivRem(i, columns);
            Sources[i] = window.TargetOffset(row, column);
            Targets[i] = Offset(row, column);
        }
    }

    /// <summary>For each pixel, the offset of its first tap in the window.</summary>
    public nint[] Sources { get; }

    /// <summary>For each pixel, its offset in the target from the strip's first.</summary>
    public nint[] Targets { get; }

    /// <summary>The offset in a target image of the first pixel of a row.</summary>
    public nint Origin(int row) =>
        (((nint)_correlation.Rows.TargetStart * _correlation.Columns.TargetLength) + _correlation.Columns.TargetStart)
            * _correlation.TargetChannels
        + Offset(row, 0);

    private nint Offset(int row, int column) =>
        (((nint)row * _correlation.Rows.TargetStep * _correlation.Columns.TargetLength)
            + ((nint)column * _correlation.Columns.TargetStep)) * _correlation.TargetChannels;
}
