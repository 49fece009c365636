using System.Runtime.InteropServices;

namespace Sepal.Kernels;

/// <summary>
/// The part of a source image that a strip of a correlation's target rows reads. Where every tap of every target
/// lies in the image, that is the image itself; otherwise the strip's rows are copied to scratch with their zeros,
/// once for all taps, so that the kernels behind never test for padding.
/// </summary>
internal sealed unsafe class SourceWindow
{
    private readonly Correlation _correlation;
    private readonly int _columns;
    private readonly PlaneInterleaving? _planes;

    /// <param name="correlation">The correlation.</param>
    /// <param name="isPlanar">
    /// Whether the source has its channels one after the other, each a plane, as ONNX has images. Copying interleaves them.
    /// </param>
    public SourceWindow(in Correlation correlation, bool isPlanar = false)
    {
        _correlation = correlation;
        _planes = isPlanar ? PlaneInterleaving.Create(correlation.SourceChannels) : null;
        IsImage = !isPlanar && (correlation.TapCount == 0 || (correlation.Rows.IsInside && correlation.Columns.IsInside));
        _columns = ((correlation.Columns.TargetCount - 1) * correlation.Columns.SourceStep) + correlation.Columns.Reach + 1;
        Pitch = (IsImage ? correlation.Columns.SourceLength : _columns) * correlation.SourceChannels;
    }

    /// <summary>Whether the image is read where it is.</summary>
    public bool IsImage { get; }

    /// <summary>Floats from one row of the window to the next.</summary>
    public int Pitch { get; }

    /// <summary>Floats of scratch for a strip of so many target rows.</summary>
    public int ScratchLength(int targetRows) => IsImage ? 0 : RowCount(targetRows) * Pitch;

    /// <summary>Floats that a strip of so many target rows reads.</summary>
    public long ReadLength(int targetRows) => (long)RowCount(targetRows) * Pitch;

    /// <summary>
    /// The window of a strip of target rows: the address under the first tap of the strip's first target.
    /// </summary>
    public float* Open(float* image, int firstRow, int targetRows, float* scratch)
    {
        CorrelationAxis rows = _correlation.Rows;
        CorrelationAxis columns = _correlation.Columns;
        int channels = _correlation.SourceChannels;
        int top = rows.SourceStart + (firstRow * rows.SourceStep);
        if (IsImage)
        {
            return _correlation.TapCount == 0
                ? image
                : image + (((long)top * columns.SourceLength + columns.SourceStart) * channels);
        }

        // The columns [left, right) of the window exist in the source; what lies around them is zero.
        int left = Math.Clamp(-columns.SourceStart, 0, _columns);
        int right = Math.Clamp(columns.SourceLength - columns.SourceStart, left, _columns);
        float* destination = scratch;
        for (int row = top; row < top + RowCount(targetRows); row++, destination += Pitch)
        {
            if (row < 0 || row >= rows.SourceLength || left == right)
            {
                NativeMemory.Clear(destination, (nuint)Pitch * sizeof(float));
                continue;
            }

            NativeMemory.Clear(destination, (nuint)(left * channels) * sizeof(float));
            long pixel = ((long)row * columns.SourceLength) + columns.SourceStart + left;
            if (_planes is null)
            {
                NativeMemory.Copy(
                    image + (pixel * channels), destination + (left * channels), (nuint)((right - left) * channels) * sizeof(float));
            }
            else
            {
                _planes.Run(image + pixel, (nint)rows.SourceLength * columns.SourceLength, destination + (left * channels), right - left);
            }

            NativeMemory.Clear(
                destination + (right * channels), (nuint)((_columns - right) * channels) * sizeof(float));
        }

        return scratch;
    }

    /// <summary>Where, from the address that <see cref="Open"/> gave, a tap lies.</summary>
    public nint TapOffset(int row, int column) =>
        ((nint)row * _correlation.Rows.TapStep * Pitch)
        + ((nint)column * _correlation.Columns.TapStep * _correlation.SourceChannels);

    /// <summary>Where, from the address that <see cref="Open"/> gave, a target's first tap lies.</summary>
    public nint TargetOffset(int row, int column) =>
        ((nint)row * _correlation.Rows.SourceStep * Pitch)
        + ((nint)column * _correlation.Columns.SourceStep * _correlation.SourceChannels);

    private int RowCount(int targetRows) =>
        ((targetRows - 1) * _correlation.Rows.SourceStep) + _correlation.Rows.Reach + 1;
}
