using Sepal.Kernels.Simd;

namespace Sepal.Kernels.Depthwise;

/// <summary>A correlation of every channel with taps of its own.</summary>
internal abstract unsafe class DepthwiseCorrelation
{
    public abstract int Parts { get; }

    public abstract long ScratchLength { get; }

    /// <param name="correlation">What to compute; source and target have the same channels.</param>
    /// <param name="kernelWidth">Of the kernel that holds the taps.</param>
    /// <param name="batch">Images.</param>
    public static DepthwiseCorrelation Create(in Correlation correlation, int kernelWidth, int batch)
    {
        DepthwiseLanes lanes = DepthwiseLanes.Choose(correlation);
        return SimdLevel.Create<Factory, DepthwiseCorrelation>(
            new Factory(correlation, lanes, kernelWidth, batch), widest: lanes.Count);
    }

    public abstract void Run(float* source, float* kernel, float* bias, float* target, int part, float* scratch);

    private readonly struct Factory(Correlation correlation, DepthwiseLanes lanes, int kernelWidth, int batch)
        : ISimdFactory<DepthwiseCorrelation>
    {
        public DepthwiseCorrelation Create<TSimd, TVector>()
            where TSimd : ISimd<TVector>
            where TVector : struct => lanes.IsRow
                ? new DepthwiseRowCorrelation<TSimd, TVector>(correlation, lanes, kernelWidth, batch)
                : new DepthwiseCorrelation<TSimd, TVector>(correlation, lanes, kernelWidth, batch);
    }
}

/// <summary>
/// With channels as lanes. Pixels are divided into those whose taps all exist and the border around them, so that no
/// kernel tests for padding and nothing is copied: border rows are computed along the row with fewer rows of
/// taps, border columns along the column with fewer columns of taps.
/// </summary>
internal sealed unsafe class DepthwiseCorrelation<TSimd, TVector> : DepthwiseCorrelation
    where TSimd : ISimd<TVector>
    where TVector : struct
{
    private readonly Correlation _correlation;
    private readonly DepthwiseLanes _lanes;
    private readonly DepthwiseParts _parts;
    private readonly int _kernelWidth;
    private readonly bool _isThreeByThree;

    public DepthwiseCorrelation(in Correlation correlation, in DepthwiseLanes lanes, int kernelWidth, int batch)
    {
        _correlation = correlation;
        _lanes = lanes;
        _kernelWidth = kernelWidth;
        _parts = DepthwiseParts.Divide(correlation, batch);
        _isThreeByThree = correlation is
        {
            Rows: { Taps: 3, TapStep: 1, SourceStep: 1 },
            Columns: { Taps: 3, TapStep: 1, SourceStep: 1 },
        };
    }

    public override int Parts => _parts.Count;

    public override long ScratchLength => 0;

    public override void Run(float* source, float* kernel, float* bias, float* target, int part, float* scratch)
    {
        DepthwiseParts.Part work = _parts[part];
        CorrelationAxis rows = _correlation.Rows;
        CorrelationAxis columns = _correlation.Columns;
        int channels = _lanes.Count;
        nint sourcePitch = (nint)columns.SourceLength * channels;
        nint targetPitch = (nint)columns.TargetLength * channels;
        DepthwiseOperands image = new()
        {
            SourceRowStep = rows.SourceStep * sourcePitch,
            SourceColumnStep = (nint)columns.SourceStep * channels,
            TapRowStep = rows.TapStep * sourcePitch,
            TapColumnStep = (nint)columns.TapStep * channels,
            TapRows = rows.Taps,
            TapColumns = columns.Taps,
            WeightRowStep = (nint)rows.KernelStep * _kernelWidth * channels,
            WeightColumnStep = (nint)columns.KernelStep * channels,
            TargetRowStep = rows.TargetStep * targetPitch,
            TargetColumnStep = (nint)columns.TargetStep * channels,
        };

        // May lie before the image, where the first tap is padding; At() moves it to the first tap that exists.
        float* first = source + (rows.SourceStart * sourcePitch) + ((nint)columns.SourceStart * channels);
        float* weights = kernel + ((nint)_correlation.KernelTap(0, 0, _kernelWidth) * channels);
        target += (rows.TargetStart * targetPitch) + ((nint)columns.TargetStart * channels);
        for (int i = work.FirstImage; i < work.EndImage; i++)
        {
            for (int block = 0; block < _lanes.Blocks(TSimd.Width); block++)
            {
                int lane = _lanes.FirstLane(block, TSimd.Width);
                image.Source = first + ((nint)i * _correlation.SourceImageLength) + lane;
                image.Target = target + ((nint)i * _correlation.TargetImageLength) + lane;
                image.Weights = weights + lane;
                image.Bias = bias == null ? null : bias + lane;
                RunStrip(image, work.FirstRow, work.FirstRow + work.Rows);
            }
        }
    }

    private void RunStrip(in DepthwiseOperands image, int firstRow, int endRow)
    {
        CorrelationAxis rows = _correlation.Rows;
        int insideStart = Math.Clamp(rows.InsideStart, firstRow, endRow);
        int insideEnd = Math.Clamp(rows.InsideEnd, insideStart, endRow);
        for (int row = firstRow; row < insideStart; row++)
        {
            RunBorderRow(image, row);
        }

        if (insideEnd > insideStart)
        {
            RunInsideRows(image, insideStart, insideEnd - insideStart);
        }

        for (int row = insideEnd; row < endRow; row++)
        {
            RunBorderRow(image, row);
        }
    }

    private void RunBorderRow(in DepthwiseOperands image, int row)
    {
        CorrelationAxis columns = _correlation.Columns;
        (int First, int End) tapRows = _correlation.Rows.TapsInside(row);
        (int First, int End) allColumns = (0, columns.Taps);
        DepthwiseLine<TSimd, TVector>.AlongRow(
            image.At(row, columns.InsideStart, tapRows, allColumns), columns.InsideEnd - columns.InsideStart);
        for (int column = 0; column < columns.TargetCount; column++)
        {
            if (column == columns.InsideStart)
            {
                column = columns.InsideEnd;
                if (column == columns.TargetCount)
                {
                    break;
                }
            }

            DepthwiseLine<TSimd, TVector>.AlongRow(
                image.At(row, column, tapRows, columns.TapsInside(column)), 1);
        }
    }

    private void RunInsideRows(in DepthwiseOperands image, int firstRow, int count)
    {
        CorrelationAxis columns = _correlation.Columns;
        (int First, int End) allRows = (0, _correlation.Rows.Taps);
        (int First, int End) allColumns = (0, columns.Taps);
        for (int column = 0; column < columns.TargetCount; column++)
        {
            if (column == columns.InsideStart)
            {
                column = columns.InsideEnd;
                if (column == columns.TargetCount)
                {
                    break;
                }
            }

            DepthwiseLine<TSimd, TVector>.AlongColumn(
                image.At(firstRow, column, allRows, columns.TapsInside(column)), count);
        }

        int inside = columns.InsideEnd - columns.InsideStart;
        if (_isThreeByThree && count >= 2 && inside >= DepthwiseThreeByThree<TSimd, TVector>.Columns)
        {
            for (int row = 0; row < count; row += 2)
            {
                // With an odd number of rows the last pair overlaps the one before it.
                DepthwiseThreeByThree<TSimd, TVector>.TwoRows(
                    image.At(firstRow + Math.Min(row, count - 2), columns.InsideStart, allRows, allColumns), inside);
            }

            return;
        }

        for (int row = firstRow; row < firstRow + count; row++)
        {
            DepthwiseLine<TSimd, TVector>.AlongRow(
                image.At(row, columns.InsideStart, allRows, allColumns), inside);
        }
    }
}
