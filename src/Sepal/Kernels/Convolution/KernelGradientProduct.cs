using Sepal.Kernels.MatrixProducts;
using Sepal.Kernels.Normalization;
using Sepal.Kernels.Simd;

namespace Sepal.Kernels.Convolution;

/// <summary>
/// The gradients by kernel and bias as a matrix product: a row for every weight of an output channel, a column for
/// every output channel, and the pixels as inner dimension. Neither side is packed: in NHWC the channels
/// of a pixel are contiguous, which is what a tile reads of both.
/// </summary>
internal abstract unsafe class KernelGradientProduct
{
    public abstract int Parts { get; }

    public abstract int Shards { get; }

    /// <summary>Whether every part alone reads its pixels of the gradient by the output, and so can finish them.</summary>
    public abstract bool FinishesGradient { get; }

    public abstract long ScratchLength { get; }

    public static KernelGradientProduct Create(in ConvolutionGeometry geometry) =>
        SimdLevel.Create<Factory, KernelGradientProduct>(new Factory(geometry));

    public abstract void Run(
        float* input, float* outputGradient, in ShardedGradients gradients, int part, float* scratch, in UnfinishedGradient unfinished);

    private readonly struct Factory(ConvolutionGeometry geometry) : ISimdFactory<KernelGradientProduct>
    {
        public KernelGradientProduct Create<TSimd, TVector>()
            where TSimd : ISimd<TVector>
            where TVector : struct => new KernelGradientProduct<TSimd, TVector>(geometry);
    }
}

/// <inheritdoc/>
internal sealed unsafe class KernelGradientProduct<TSimd, TVector> : KernelGradientProduct
    where TSimd : ISimd<TVector>
    where TVector : struct
{
    /// <summary>Pixels of a strip: enough to repay reading and writing the sums, few enough for the nearest cache.</summary>
    private const int StripPixels = 128;

    /// <summary>Where there are so few weights that one or two tiles hold all their sums, nothing is read again.</summary>
    private const int StripPixelsOfFewWeights = 1024;

    private const int FewWeights = 16;

    /// <summary>Channels of one KiB.</summary>
    private const int AliasingChannels = 256;

    private readonly ConvolutionGeometry _geometry;
    private readonly Correlation _correlation;
    private readonly SourceWindow _window;
    private readonly PanelLayout _panels;
    private readonly ShardPlan _plan;
    private readonly Runs _runs;
    private readonly Runs _lastRuns;
    private readonly bool _fetchesAhead;

    // Pinned, so that the tiles may keep addresses into them.
    private readonly nint[] _inputRows;
    private readonly nint[] _gradientRows;

    public KernelGradientProduct(in ConvolutionGeometry geometry)
    {
        _geometry = geometry;
        _correlation = Correlation.Forward(geometry);
        _window = new SourceWindow(_correlation);
        _panels = new PanelLayout(geometry.GroupOutputChannels);
        int weights = geometry.KernelArea * geometry.GroupInputChannels;
        int stripPixels = weights <= FewWeights ? StripPixelsOfFewWeights : StripPixels;
        int stripRows = Math.Clamp(stripPixels / geometry.OutputWidth, 1, geometry.OutputHeight);
        _plan = ShardPlan.Divide(geometry, stripRows, weights, _panels.Count);
        _runs = Runs.OfPixels(_correlation, _window, _plan.StripRows);
        _lastRuns = Runs.OfPixels(_correlation, _window, _plan.LastStripRows);
        _fetchesAhead = geometry.Groups == 1
            && geometry.Batch * ((long)geometry.InputImageLength + geometry.OutputImageLength) > UpcomingRows.FarFloats;

        _inputRows = GC.AllocateUninitializedArray<nint>(weights, pinned: true);
        _gradientRows = GC.AllocateUninitializedArray<nint>(weights, pinned: true);
        for (int i = 0; i < weights; i++)
        {
            (int tap, int channel) = Math.DivRem(i, geometry.GroupInputChannels);
            (int row, int column) = Math.DivRem(tap, geometry.KernelWidth);
            _inputRows[i] = _window.TapOffset(row, column) + channel;
            _gradientRows[i] = (nint)i * geometry.OutputChannels;
        }
    }

    public override int Parts => _plan.Parts;

    public override int Shards => _plan.Shards;

    public override bool FinishesGradient => _plan.IsByShards;

    public override long ScratchLength => WindowScratchLength + (CopiesGradient
        ? (long)_plan.StripRows * _geometry.OutputWidth * _panels.WidestPanel
        : 0);

    /// <summary>
    /// Whether panels of the gradient are copied to the scratch, strip by strip: where their last vector would reach past the
    /// channels, it must find zeros there; and where pixels lie a multiple of a KiB apart they share few sets of the
    /// nearest cache, which many passes over them would feel (71 against 79 % of the peak with 512 channels).
    /// </summary>
    private bool CopiesGradient => _panels.PaddedColumns != _panels.Columns
        || (_geometry.OutputChannels % AliasingChannels == 0 && _inputRows.Length > FewWeights);

    // Whole cache lines, so that what follows in the scratch stays aligned.
    private int WindowScratchLength => (_window.ScratchLength(_plan.StripRows) + 15) / 16 * 16;

    public override void Run(
        float* input, float* outputGradient, in ShardedGradients gradients, int part, float* scratch, in UnfinishedGradient unfinished)
    {
        ShardPlan.Part work = _plan[part];
        int channels = _geometry.OutputChannels;
        for (int unit = work.FirstUnit; unit < work.EndUnit; unit++)
        {
            (int image, int strip) = Math.DivRem(unit, _plan.Strips);
            int firstRow = strip * _plan.StripRows;
            bool isLast = strip == _plan.Strips - 1;
            int rows = isLast ? _plan.LastStripRows : _plan.StripRows;
            int pixels = rows * _geometry.OutputWidth;
            long firstPixel = (((long)image * _geometry.OutputHeight) + firstRow) * _geometry.OutputWidth;
            unfinished.Finish(firstPixel, firstPixel + pixels);
            float* window = _window.Open(
                input + ((long)image * _geometry.InputImageLength), firstRow, rows, scratch);
            float* strips = outputGradient + ((long)image * _geometry.OutputImageLength)
                + ((long)firstRow * _geometry.OutputWidth * channels);
            for (int group = 0; group < _geometry.Groups; group++)
            {
                float* right = strips + ((long)group * _geometry.GroupOutputChannels);
                TileOperands operands = new()
                {
                    Left = window + ((long)group * _geometry.GroupInputChannels),
                    Accumulate = unit > work.FirstUnit,
                };
                float* copy = CopiesGradient ? scratch + WindowScratchLength : null;
                long firstColumn = (long)group * _geometry.GroupOutputChannels;
                float* bias = gradients.Bias(work.Shard);
                if (_fetchesAhead)
                {
                    operands.NextLeft = NextInput(input, image, firstRow, rows, work);
                    operands.NextOther = NextGradient(right, pixels, work);
                }

                AddStrip(
                    operands, isLast ? _lastRuns : _runs, work, right, pixels, copy,
                    gradients.Kernel(work.Shard) + firstColumn,
                    work.FirstWeight > 0 || bias == null ? null : bias + firstColumn);
            }
        }
    }

    private void AddStrip(
        TileOperands operands, Runs runs, in ShardPlan.Part work, float* gradient, int pixels, float* copy,
        float* kernelGradient, float* biasGradient)
    {
        int weights = work.EndWeight - work.FirstWeight;
        nint zero = 0;
        fixed (nint* inputRows = _inputRows, gradientRows = _gradientRows, starts = runs.Starts)
        {
            operands.LeftRows = inputRows + work.FirstWeight;
            operands.LeftStep = (nint)_geometry.StrideWidth * _geometry.InputChannels;
            operands.Runs = starts;
            operands.RunCount = runs.Count;
            operands.RunLength = runs.Length;
            UpcomingRows nextLeft = operands.NextLeft;
            UpcomingRows nextOther = operands.NextOther;
            for (int panel = work.FirstPanel; panel < work.EndPanel; panel++)
            {
                operands.NextLeft = nextLeft.Share(panel - work.FirstPanel, work.EndPanel - work.FirstPanel);
                operands.NextOther = nextOther.Share(panel - work.FirstPanel, work.EndPanel - work.FirstPanel);
                int column = _panels.FirstColumn(panel);
                int vectors = _panels.Vectors(panel);
                operands.Right = gradient + column;
                operands.RightStep = _geometry.OutputChannels;
                if (copy != null)
                {
                    CopyPanel(operands.Right, copy, vectors, _panels.LastCount(panel), pixels);
                    operands.Right = copy;
                    operands.RightStep = _panels.PanelWidth(panel);
                }

                operands.LastCount = _panels.LastCount(panel);
                operands.Output = kernelGradient + column;
                operands.OutputRows = gradientRows + work.FirstWeight;
                if (weights == 1)
                {
                    ColumnSums<TSimd, TVector>.RunWeighted(operands, vectors);
                }
                else
                {
                    TileSweep<TSimd, TVector>.Run(operands, vectors, weights);
                }

                if (biasGradient != null)
                {
                    operands.Output = biasGradient + column;
                    operands.OutputRows = &zero;
                    ColumnSums<TSimd, TVector>.Run(operands, vectors, pixels);
                }
            }
        }
    }

    /// <summary>What the strip after one reads of the input: of a 1×1 kernel at stride one this block's channels, otherwise whole rows.</summary>
    private UpcomingRows NextInput(float* input, int image, int firstRow, int rows, in ShardPlan.Part work)
    {
        int channels = _geometry.InputChannels;
        long pitch = (long)_geometry.InputWidth * channels;
        float* start = input + ((long)image * _geometry.InputImageLength) + ((long)(firstRow + rows) * _geometry.StrideHeight * pitch);
        return _geometry is { KernelArea: 1, StrideHeight: 1, StrideWidth: 1 }
            ? new UpcomingRows(start + work.FirstWeight, channels, work.EndWeight - work.FirstWeight, rows * _geometry.InputWidth)
            : UpcomingRows.OfRun(start, rows * _geometry.StrideHeight * pitch);
    }

    /// <summary>What the strip after one reads of the gradient by the output: the columns of this part's panels.</summary>
    private UpcomingRows NextGradient(float* gradient, int pixels, in ShardPlan.Part work)
    {
        int firstColumn = _panels.FirstColumn(work.FirstPanel);
        int last = work.EndPanel - 1;
        int columns = _panels.FirstColumn(last) + _panels.PanelColumns(last) - firstColumn;
        return new UpcomingRows(
            gradient + firstColumn + ((long)pixels * _geometry.OutputChannels), _geometry.OutputChannels, columns, pixels);
    }

    private void CopyPanel(float* source, float* destination, int vectors, int lastCount, int pixels)
    {
        int whole = (vectors - 1) * TSimd.Width;
        for (int pixel = 0; pixel < pixels; pixel++, source += _geometry.OutputChannels)
        {
            for (int column = 0; column < whole; column += TSimd.Width, destination += TSimd.Width)
            {
                TSimd.Store(TSimd.Load(source + column), destination);
            }

            TSimd.Store(TSimd.LoadPartial(source + whole, lastCount), destination);
            destination += TSimd.Width;
        }
    }
}
