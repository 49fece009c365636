using Sepal.Kernels.Simd;

namespace Sepal.Kernels.Depthwise;

/// <summary>
/// With channels as lanes. Pixels are divided into those whose taps all exist and the border around them, so that no
/// kernel tests for padding and nothing is copied: border rows are computed along the row with fewer rows of
/// taps, border columns along the column with fewer columns of taps. Small images are mostly border; theirs are
/// copied with their padding, and are all inside.
/// </summary>
internal sealed unsafe class DepthwiseChannelCorrelation<TSimd, TVector> : DepthwiseCorrelation
    where TSimd : ISimd<TVector>
    where TVector : struct
{
    /// <summary>One part in this many of border is enough to copy.</summary>
    private const int BorderShare = 6;

    private readonly Correlation _correlation;
    private readonly DepthwiseLanes _lanes;
    private readonly DepthwiseParts _parts;
    private readonly BlockWindow<TSimd, TVector> _window;
    private readonly bool _copies;
    private readonly DepthwiseOperands _operands;
    private readonly int _kernelWidth;
    private readonly bool _isThreeByThree;
    private readonly bool _isDense;

    // What follows from the axes by divisions, too slow to do again for every image and vector of channels.
    private readonly TapRange[] _tapRows;
    private readonly TapRange[] _tapColumns;
    private readonly TapRange _allRows;
    private readonly TapRange _allColumns;
    private readonly int _insideTop;
    private readonly int _insideBottom;
    private readonly int _insideLeft;
    private readonly int _insideRight;

    public DepthwiseChannelCorrelation(
        in Correlation correlation, in DepthwiseLanes lanes, int kernelWidth, int batch)
    {
        _correlation = correlation;
        _lanes = lanes;
        _kernelWidth = kernelWidth;
        _parts = DepthwiseParts.Divide(correlation, batch);
        CorrelationAxis rows = correlation.Rows;
        CorrelationAxis columns = correlation.Columns;
        _isThreeByThree = rows.Taps == 3 && columns.Taps == 3;
        _isDense = rows is { TapStep: 1, SourceStep: 1 } && columns is { TapStep: 1, SourceStep: 1 };
        _tapRows = [.. Enumerable.Range(0, rows.TargetCount).Select(rows.TapsInside)];
        _tapColumns = [.. Enumerable.Range(0, columns.TargetCount).Select(columns.TapsInside)];
        _allRows = new TapRange(0, rows.Taps);
        _allColumns = new TapRange(0, columns.Taps);
        (_insideTop, _insideBottom) = (rows.InsideStart, rows.InsideEnd);
        (_insideLeft, _insideRight) = (columns.InsideStart, columns.InsideEnd);
        _window = new BlockWindow<TSimd, TVector>(correlation);
        _copies = rows.SourceStep == 1 && columns.SourceStep == 1 && IsMostlyBorder();
        if (_copies)
        {
            (_insideTop, _insideBottom) = (0, rows.TargetCount);
            (_insideLeft, _insideRight) = (0, columns.TargetCount);
        }

        nint channels = lanes.Count;
        nint sourceChannels = _copies ? TSimd.Width : channels;
        nint sourcePitch = _copies ? _window.Pitch : columns.SourceLength * channels;
        nint targetPitch = columns.TargetLength * channels;
        _operands = new DepthwiseOperands
        {
            SourceRowStep = rows.SourceStep * sourcePitch,
            SourceColumnStep = columns.SourceStep * sourceChannels,
            TapRowStep = rows.TapStep * sourcePitch,
            TapColumnStep = columns.TapStep * sourceChannels,
            WeightRowStep = rows.KernelStep * kernelWidth * channels,
            WeightColumnStep = columns.KernelStep * channels,
            TargetRowStep = rows.TargetStep * targetPitch,
            TargetColumnStep = columns.TargetStep * channels,
        };
    }

    public override int Parts => _parts.Count;

    public override long[] TargetPixels => _parts.TargetPixels(_correlation.Columns.TargetCount);

    public override long ScratchLength => _copies ? _window.ScratchLength(_parts.StripRows) : 0;

    public override void Run(float* source, float* kernel, float* bias, float* target, int part, float* scratch)
    {
        DepthwiseParts.Part work = _parts[part];
        CorrelationAxis rows = _correlation.Rows;
        CorrelationAxis columns = _correlation.Columns;
        nint channels = _lanes.Count;

        // May point before the image, where the first tap of the first pixel is padding.
        float* firstSource = source + (((rows.SourceStart * (nint)columns.SourceLength) + columns.SourceStart) * channels);
        float* firstTarget = target + (((rows.TargetStart * (nint)columns.TargetLength) + columns.TargetStart) * channels);
        float* firstWeights = kernel + (_correlation.KernelTap(0, 0, _kernelWidth) * channels);
        DepthwiseOperands operands = _operands;
        int blocks = _lanes.Blocks(TSimd.Width);
        for (int image = work.FirstImage; image < work.EndImage; image++)
        {
            nint sourceOffset = (nint)image * _correlation.SourceImageLength;
            nint targetOffset = (nint)image * _correlation.TargetImageLength;
            for (int block = 0; block < blocks; block++)
            {
                int lane = _lanes.FirstLane(block, TSimd.Width);
                operands.Bias = bias == null ? null : bias + lane;
                float* blockSource = firstSource + sourceOffset + lane;
                if (_copies)
                {
                    // Rows are counted from the image's first, of which the window starts with the strip's first.
                    _window.Copy(source + sourceOffset + lane, work.FirstRow, work.Rows, scratch);
                    blockSource = scratch - (work.FirstRow * operands.SourceRowStep);
                }

                RunStrip(
                    operands, blockSource, firstWeights + lane, firstTarget + targetOffset + lane, work.FirstRow,
                    work.FirstRow + work.Rows);
            }
        }
    }

    private bool IsMostlyBorder()
    {
        int all = _correlation.Rows.TargetCount * _correlation.Columns.TargetCount;
        int inside = (_insideBottom - _insideTop) * (_insideRight - _insideLeft);
        return (all - inside) * BorderShare > all;
    }

    private void RunStrip(
        in DepthwiseOperands operands, float* source, float* weights, float* target, int firstRow, int endRow)
    {
        int top = Math.Clamp(_insideTop, firstRow, endRow);
        int bottom = Math.Clamp(_insideBottom, top, endRow);
        for (int row = firstRow; row < endRow; row++)
        {
            if (row == top && bottom > top)
            {
                RunInsideRows(operands, source, weights, target, top, bottom - top);
                row = bottom - 1;
                continue;
            }

            RunBorderRow(operands, source, weights, target, row);
        }
    }

    private void RunBorderRow(in DepthwiseOperands operands, float* source, float* weights, float* target, int row)
    {
        TapRange taps = _tapRows[row];
        for (int column = 0; column < _insideLeft; column++)
        {
            AlongColumn(operands, source, weights, target, row, column, taps, _tapColumns[column], count: 1);
        }

        AlongRow(operands, source, weights, target, row, taps);
        for (int column = _insideRight; column < _tapColumns.Length; column++)
        {
            AlongColumn(operands, source, weights, target, row, column, taps, _tapColumns[column], count: 1);
        }
    }

    private void RunInsideRows(
        in DepthwiseOperands operands, float* source, float* weights, float* target, int firstRow, int count)
    {
        for (int column = 0; column < _insideLeft; column++)
        {
            AlongColumn(operands, source, weights, target, firstRow, column, _allRows, _tapColumns[column], count);
        }

        for (int column = _insideRight; column < _tapColumns.Length; column++)
        {
            AlongColumn(operands, source, weights, target, firstRow, column, _allRows, _tapColumns[column], count);
        }

        int inside = _insideRight - _insideLeft;
        if (_isThreeByThree && _isDense && count >= 2 && inside >= DepthwiseThreeByThree<TSimd, TVector>.Columns)
        {
            for (int i = 0; i < count; i += 2)
            {
                // With an odd number of rows the last pair overlaps the one before it.
                int row = firstRow + Math.Min(i, count - 2);
                DepthwiseThreeByThree<TSimd, TVector>.TwoRows(
                    operands,
                    source + (row * operands.SourceRowStep) + (_insideLeft * operands.SourceColumnStep), weights,
                    target + (row * operands.TargetRowStep) + (_insideLeft * operands.TargetColumnStep), inside);
            }

            return;
        }

        for (int row = firstRow; row < firstRow + count; row++)
        {
            if (_isThreeByThree && inside >= DepthwiseThreeByThreeRow<TSimd, TVector>.Columns)
            {
                DepthwiseThreeByThreeRow<TSimd, TVector>.Run(
                    operands,
                    source + (row * operands.SourceRowStep) + (_insideLeft * operands.SourceColumnStep), weights,
                    target + (row * operands.TargetRowStep) + (_insideLeft * operands.TargetColumnStep), inside);
            }
            else
            {
                AlongRow(operands, source, weights, target, row, _allRows);
            }
        }
    }

    /// <summary>The pixels of one row that have all columns of taps.</summary>
    private void AlongRow(
        in DepthwiseOperands operands, float* source, float* weights, float* target, int row, TapRange tapRows) =>
        DepthwiseLine<TSimd, TVector>.Run(
            operands,
            source + (row * operands.SourceRowStep) + (_insideLeft * operands.SourceColumnStep)
                + (tapRows.First * operands.TapRowStep),
            operands.SourceColumnStep,
            weights + (tapRows.First * operands.WeightRowStep), tapRows.Count, _allColumns.Count,
            target + (row * operands.TargetRowStep) + (_insideLeft * operands.TargetColumnStep),
            operands.TargetColumnStep, _insideRight - _insideLeft);

    /// <summary>Pixels of one column, all with the same taps.</summary>
    private static void AlongColumn(
        in DepthwiseOperands operands, float* source, float* weights, float* target, int row, int column,
        TapRange tapRows, TapRange tapColumns, int count) =>
        DepthwiseLine<TSimd, TVector>.Run(
            operands,
            source + (row * operands.SourceRowStep) + (column * operands.SourceColumnStep)
                + (tapRows.First * operands.TapRowStep) + (tapColumns.First * operands.TapColumnStep),
            operands.SourceRowStep,
            weights + (tapRows.First * operands.WeightRowStep) + (tapColumns.First * operands.WeightColumnStep),
            tapRows.Count, tapColumns.Count,
            target + (row * operands.TargetRowStep) + (column * operands.TargetColumnStep),
            operands.TargetRowStep, count);
}
