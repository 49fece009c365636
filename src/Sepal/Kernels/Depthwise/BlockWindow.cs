using System.Runtime.CompilerServices;
using Sepal.Kernels.Normalization;
using Sepal.Kernels.Simd;

namespace Sepal.Kernels.Depthwise;

/// <summary>
/// What a strip of a correlation's target rows reads of one vector of channels, copied with its padding. The vectors of
/// neighbouring pixels become neighbours, so a strip fits the nearest cache however many channels the image has,
/// which a copy of all channels would not.
/// </summary>
internal sealed unsafe class BlockWindow<TSimd, TVector>
    where TSimd : ISimd<TVector>
    where TVector : struct
{
    private readonly CorrelationAxis _rows;
    private readonly int _sourceColumns;
    private readonly int _channels;
    private readonly int _columns;
    private readonly int _sourceStep;
    private readonly int _tapStep;
    private readonly int _start;
    private readonly int _left;
    private readonly int _right;

    public BlockWindow(in Correlation correlation)
    {
        CorrelationAxis columns = correlation.Columns;
        _rows = correlation.Rows;
        _sourceColumns = columns.SourceLength;
        _channels = correlation.SourceChannels;
        _columns = ((columns.TargetCount - 1) * columns.SourceStep) + columns.Reach + 1;
        _sourceStep = columns.SourceStep;
        _tapStep = columns.TapStep;
        _start = columns.SourceStart;

        // The columns [left, right) of the window exist in the source; what lies around them is zero.
        _left = Math.Clamp(-columns.SourceStart, 0, _columns);
        _right = Math.Clamp(columns.SourceLength - columns.SourceStart, _left, _columns);
    }

    /// <summary>Floats from one row of the window to the next.</summary>
    public int Pitch => _columns * TSimd.Width;

    /// <summary>Floats of scratch for a strip of so many target rows.</summary>
    public int ScratchLength(int targetRows) => RowCount(targetRows) * Pitch;

    /// <summary>Where, from the window's start, a tap of the first target lies.</summary>
    public nint TapOffset(int row, int column) =>
        ((nint)row * _rows.TapStep * Pitch) + ((nint)column * _tapStep * TSimd.Width);

    /// <summary>Where, from the window's start, a target's first tap lies.</summary>
    public nint TargetOffset(int row, int column) =>
        ((nint)row * _rows.SourceStep * Pitch) + ((nint)column * _sourceStep * TSimd.Width);

    /// <summary>Copies a strip.</summary>
    /// <param name="image">The source image's first pixel, from the vector's first channel on.</param>
    /// <param name="firstRow">The strip's first target row.</param>
    /// <param name="targetRows">Its target rows.</param>
    /// <param name="window">Where to; afterwards under the first tap of the strip's first target.</param>
    /// <param name="unfinished">What the image is normalised by while it is copied, where it was not before.</param>
    /// <param name="channel">The vector's first channel.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Copy(float* image, int firstRow, int targetRows, float* window, in UnfinishedInput unfinished = default, int channel = 0)
    {
        int top = _rows.SourceStart + (firstRow * _rows.SourceStep);
        int bottom = top + RowCount(targetRows);
        int sourceRows = _rows.SourceLength;
        nint step = _channels;
        nint sourcePitch = _sourceColumns * step;
        int left = _left;
        int right = _right;
        int columns = _columns;
        for (int row = top; row < bottom; row++)
        {
            bool exists = row >= 0 && row < sourceRows;
            float* source = image + (row * sourcePitch) + ((_start + left) * step);
            int column = 0;
            for (int end = exists ? left : columns; column < end; column++, window += TSimd.Width)
            {
                TSimd.Store(default, window);
            }

            if (exists && unfinished.IsUnwritten)
            {
                unfinished.CopyChannels(source, window, right - column, channel, TSimd.Width);
                window += (right - column) * TSimd.Width;
                column = right;
            }

            // Not entered for a row that does not exist: it is finished already.
            for (; column < right; column++, window += TSimd.Width, source += step)
            {
                TSimd.Store(TSimd.Load(source), window);
            }

            for (; column < columns; column++, window += TSimd.Width)
            {
                TSimd.Store(default, window);
            }
        }
    }

    private int RowCount(int targetRows) => ((targetRows - 1) * _rows.SourceStep) + _rows.Reach + 1;
}
