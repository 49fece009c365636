using Sepal.Kernels.Simd;

namespace Sepal.Kernels.Depthwise;

/// <summary>
/// With channels as lanes, one vector of them after the other, from where the source is. Pixels are divided into those whose taps
/// all exist and the border around them: border rows are computed along the row with fewer rows of taps, border
/// columns along the column with fewer columns of taps.
/// </summary>
internal sealed unsafe class DepthwiseChannelRows<TSimd, TVector> : DepthwiseRows
    where TSimd : ISimd<TVector>
    where TVector : struct
{
    /// <summary>Pixels of a strip at most, so that one vector of each stays in the nearest cache.</summary>
    private const int LargestStrip = 512;

    private readonly int _channels;
    private readonly int _taps;
    private readonly int _stripRows;
    private readonly CorrelationAxis _rows;
    private readonly CorrelationAxis _columns;
    private readonly TapRange[] _tapRows;
    private readonly TapRange[] _tapColumns;
    private readonly int _insideTop;
    private readonly int _insideBottom;
    private readonly int _insideLeft;
    private readonly int _insideRight;
    private readonly bool _isThreeByThree;
    private readonly bool _isFiveByFive;
    private readonly bool _isDense;
    private readonly bool _isHalved;

    public DepthwiseChannelRows(in ConvolutionGeometry geometry)
        : base(geometry)
    {
        _channels = geometry.InputChannels;
        _taps = geometry.KernelArea;
        _stripRows = Math.Max(2, LargestStrip / geometry.OutputWidth);
        Correlation correlation = Correlation.Forward(geometry);
        _rows = correlation.Rows;
        _columns = correlation.Columns;
        _tapRows = [.. Enumerable.Range(0, _rows.TargetCount).Select(_rows.TapsInside)];
        _tapColumns = [.. Enumerable.Range(0, _columns.TargetCount).Select(_columns.TapsInside)];
        (_insideTop, _insideBottom) = (_rows.InsideStart, _rows.InsideEnd);
        (_insideLeft, _insideRight) = (_columns.InsideStart, _columns.InsideEnd);
        _isThreeByThree = geometry is { KernelHeight: 3, KernelWidth: 3 };
        _isFiveByFive = geometry is { KernelHeight: 5, KernelWidth: 5 };
        _isDense = geometry is { StrideHeight: 1, StrideWidth: 1, DilationHeight: 1, DilationWidth: 1 };
        _isHalved = geometry.StrideWidth == 2 * geometry.DilationWidth;
    }

    public override long PackedLength => (long)DepthwisePacking<TSimd, TVector>.Vectors(_channels) * (_taps + 1) * TSimd.Width;

    public override int Blocks => DepthwisePacking<TSimd, TVector>.Blocks(_channels);

    public override long ScratchLength => 0;

    public override int FirstChannel(int block) => DepthwisePacking<TSimd, TVector>.FirstChannel(block, _channels);

    public override void Pack(float* kernel, float* bias, float* packed) =>
        DepthwisePacking<TSimd, TVector>.Pack(kernel, bias, _taps, _channels, packed);

    public override void Run(
        float* source, nint sourcePitch, float* packed, float* target, nint targetPitch, int from, int to, float low,
        float high, float* scratch, int firstBlock, int endBlock)
    {
        DepthwiseOperands operands = new()
        {
            SourceRowStep = _rows.SourceStep * sourcePitch,
            SourceColumnStep = (nint)_columns.SourceStep * _channels,
            TapRowStep = _rows.TapStep * sourcePitch,
            TapColumnStep = (nint)_columns.TapStep * _channels,
            WeightRowStep = (nint)_columns.Taps * TSimd.Width,
            WeightColumnStep = TSimd.Width,
            TargetRowStep = targetPitch,
            TargetColumnStep = _channels,
            Low = low,
            High = high,
        };

        // May point before the image, where the first tap of the first pixel is padding.
        source += (_rows.SourceStart * sourcePitch) + ((nint)_columns.SourceStart * _channels);
        int endVector = DepthwisePacking<TSimd, TVector>.EndVector(endBlock, _channels);
        for (int first = from; first < to; first += _stripRows)
        {
            int end = Math.Min(to, first + _stripRows);
            for (int vector = firstBlock; vector < endVector; vector++)
            {
                int lane = DepthwisePacking<TSimd, TVector>.FirstLane(vector, _channels);
                operands.Bias = packed + (vector * (_taps + 1) * (nint)TSimd.Width);
                RunStrip(operands, source + lane, operands.Bias + TSimd.Width, target + lane, first, end);
            }
        }
    }

    private void RunStrip(
        in DepthwiseOperands operands, float* source, float* weights, float* target, int from, int to)
    {
        int top = Math.Clamp(_insideTop, from, to);
        int bottom = Math.Clamp(_insideBottom, top, to);
        for (int row = from; row < top; row++)
        {
            RunBorderRow(operands, source, weights, target, row);
        }

        if (bottom > top)
        {
            RunInsideRows(operands, source, weights, target, top, bottom - top);
        }

        for (int row = bottom; row < to; row++)
        {
            RunBorderRow(operands, source, weights, target, row);
        }
    }

    private void RunBorderRow(in DepthwiseOperands operands, float* source, float* weights, float* target, int row)
    {
        AlongColumns(operands, source, weights, target, row, _tapRows[row], count: 1);
        AlongRow(operands, source, weights, target, row, _tapRows[row]);
    }

    private void RunInsideRows(
        in DepthwiseOperands operands, float* source, float* weights, float* target, int first, int count)
    {
        AlongColumns(operands, source, weights, target, first, new TapRange(0, _rows.Taps), count);
        int inside = _insideRight - _insideLeft;
        source += _insideLeft * operands.SourceColumnStep;
        target += _insideLeft * operands.TargetColumnStep;
        if (_isThreeByThree && _isDense && count >= 2 && inside >= DepthwiseThreeByThree<TSimd, TVector>.Columns)
        {
            for (int i = 0; i < count; i += 2)
            {
                // With an odd number of rows the last pair overlaps the one before it.
                int row = first + Math.Min(i, count - 2);
                DepthwiseThreeByThree<TSimd, TVector>.TwoRows(
                    operands, source + (row * operands.SourceRowStep), weights, target + (row * operands.TargetRowStep),
                    inside);
            }

            return;
        }

        for (int row = first; row < first + count; row++)
        {
            RunInsideRow(
                operands, source + (row * operands.SourceRowStep), weights, target + (row * operands.TargetRowStep), inside);
        }
    }

    private void RunInsideRow(in DepthwiseOperands operands, float* source, float* weights, float* target, int inside)
    {
        bool isLong = inside >= DepthwiseStridedRow<TSimd, TVector>.Columns;
        if (isLong && _isThreeByThree && _isHalved)
        {
            DepthwiseStridedRow<TSimd, TVector>.ThreeByThree(operands, source, weights, target, inside);
        }
        else if (isLong && _isFiveByFive && _isHalved)
        {
            DepthwiseStridedRow<TSimd, TVector>.FiveByFive(operands, source, weights, target, inside);
        }
        else if (isLong && _isThreeByThree)
        {
            DepthwiseThreeByThreeRow<TSimd, TVector>.Run(operands, source, weights, target, inside);
        }
        else
        {
            DepthwiseLine<TSimd, TVector>.Run(
                operands, source, operands.SourceColumnStep, weights, _rows.Taps, _columns.Taps, target,
                operands.TargetColumnStep, inside);
        }
    }

    /// <summary>The pixels of one row that have all columns of taps.</summary>
    private void AlongRow(
        in DepthwiseOperands operands, float* source, float* weights, float* target, int row, TapRange taps) =>
        DepthwiseLine<TSimd, TVector>.Run(
            operands,
            source + (row * operands.SourceRowStep) + (_insideLeft * operands.SourceColumnStep)
                + (taps.First * operands.TapRowStep),
            operands.SourceColumnStep, weights + (taps.First * operands.WeightRowStep), taps.Count, _columns.Taps,
            target + (row * operands.TargetRowStep) + (_insideLeft * operands.TargetColumnStep),
            operands.TargetColumnStep, _insideRight - _insideLeft);

    /// <summary>The columns of pixels that have not all columns of taps, in rows that have the same rows of taps.</summary>
    private void AlongColumns(
        in DepthwiseOperands operands, float* source, float* weights, float* target, int row, TapRange tapRows, int count)
    {
        source += (row * operands.SourceRowStep) + (tapRows.First * operands.TapRowStep);
        target += row * operands.TargetRowStep;
        weights += tapRows.First * operands.WeightRowStep;
        for (int column = 0; column < _tapColumns.Length; column++)
        {
            if (column == _insideLeft && _insideRight > _insideLeft)
            {
                column = _insideRight - 1;
                continue;
            }

            TapRange taps = _tapColumns[column];
            DepthwiseLine<TSimd, TVector>.Run(
                operands, source + (column * operands.SourceColumnStep) + (taps.First * operands.TapColumnStep),
                operands.SourceRowStep, weights + (taps.First * operands.WeightColumnStep), tapRows.Count, taps.Count,
                target + (column * operands.TargetColumnStep), operands.TargetRowStep, count);
        }
    }
}
