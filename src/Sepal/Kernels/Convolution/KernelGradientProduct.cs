using Sepal.Kernels.MatrixProducts;
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

    public abstract long ScratchLength { get; }

    public static KernelGradientProduct Create(in ConvolutionGeometry geometry) =>
        SimdLevel.Create<Factory, KernelGradientProduct>(new Factory(geometry));

    public abstract void Run(
        float* input, float* outputGradient, in ShardedGradients gradients, int part, float* scratch);

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

    private readonly ConvolutionGeometry _geometry;
    private readonly Correlation _correlation;
    private readonly SourceWindow _window;
    private readonly PanelLayout _panels;
    private readonly ShardPlan _plan;
    private readonly Runs _runs;
    private readonly Runs _lastRuns;

    // Pinned, so that the tiles may keep addresses into them.
    private readonly nint[] _inputRows;
    private readonly nint[] _gradientRows;

    public KernelGradientProduct(in ConvolutionGeometry geometry)
    {
        _geometry = geometry;
        _correlation = Correlation.Forward(geometry);
        _window = new SourceWindow(_correlation);
        _panels = new PanelLayout(geometry.GroupOutputChannels);
        int stripRows = Math.Clamp(StripPixels / geometry.OutputWidth, 1, geometry.OutputHeight);
        int weights = geometry.KernelArea * geometry.GroupInputChannels;
        _plan = ShardPlan.Divide(geometry, stripRows, weights);
        _runs = Runs.OfPixels(_correlation, _window, _plan.StripRows);
        _lastRuns = Runs.OfPixels(_correlation, _window, _plan.LastStripRows);

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

    public override long ScratchLength => WindowScratchLength + (IsPadded
        ? (long)_plan.StripRows * _geometry.OutputWidth * _panels.PaddedColumns
        : 0);

    /// <summary>
    /// Whether the gradient's last vector would reach past its channels. Then a strip of it is copied with zeros there.
    /// </summary>
    private bool IsPadded => _panels.PaddedColumns != _panels.Columns;

    // Whole cache lines, so that what follows in the scratch stays aligned.
    private int WindowScratchLength => (_window.ScratchLength(_plan.StripRows) + 15) / 16 * 16;

    public override void Run(
        float* input, float* outputGradient, in ShardedGradients gradients, int part, float* scratch)
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
            float* window = _window.Open(
                input + ((long)image * _geometry.InputImageLength), firstRow, rows, scratch);
            float* strips = outputGradient + ((long)image * _geometry.OutputImageLength)
                + ((long)firstRow * _geometry.OutputWidth * channels);
            for (int group = 0; group < _geometry.Groups; group++)
            {
                float* right = strips + ((long)group * _geometry.GroupOutputChannels);
                nint rightStep = channels;
                if (IsPadded)
                {
                    float* padded = scratch + WindowScratchLength;
                    CopyPadded(right, padded, pixels);
                    right = padded;
                    rightStep = _panels.PaddedColumns;
                }

                TileOperands operands = new()
                {
                    Left = window + ((long)group * _geometry.GroupInputChannels),
                    Right = right,
                    RightStep = rightStep,
                    Accumulate = unit > work.FirstUnit,
                };
                long firstColumn = (long)group * _geometry.GroupOutputChannels;
                float* kernelGradient = gradients.Kernel(work.Shard) + firstColumn;
                AddKernel(operands, isLast ? _lastRuns : _runs, work, kernelGradient);
                if (work.FirstWeight == 0 && gradients.Bias(work.Shard) != null)
                {
                    AddBias(operands, pixels, gradients.Bias(work.Shard) + firstColumn);
                }
            }
        }
    }

    private void AddKernel(TileOperands operands, Runs runs, in ShardPlan.Part work, float* kernelGradient)
    {
        float* right = operands.Right;
        fixed (nint* inputRows = _inputRows, gradientRows = _gradientRows, starts = runs.Starts)
        {
            operands.LeftRows = inputRows + work.FirstWeight;
            operands.LeftStep = (nint)_geometry.StrideWidth * _geometry.InputChannels;
            operands.Runs = starts;
            operands.RunCount = runs.Count;
            operands.RunLength = runs.Length;
            operands.OutputRows = gradientRows + work.FirstWeight;
            for (int panel = 0; panel < _panels.Count; panel++)
            {
                operands.Right = right + _panels.FirstColumn(panel);
                operands.Output = kernelGradient + _panels.FirstColumn(panel);
                operands.LastCount = _panels.LastCount(panel);
                TileSweep<TSimd, TVector>.Run(
                    operands, _panels.Vectors(panel), work.EndWeight - work.FirstWeight);
            }
        }
    }

    /// <summary>The bias is one more row of the product, whose left side is one everywhere.</summary>
    private void AddBias(TileOperands operands, int pixels, float* biasGradient)
    {
        float one = 1;
        nint zero = 0;
        float* right = operands.Right;
        operands.Left = &one;
        operands.LeftRows = &zero;
        operands.LeftStep = 0;
        operands.Runs = &zero;
        operands.RunCount = 1;
        operands.RunLength = pixels;
        operands.OutputRows = &zero;
        for (int panel = 0; panel < _panels.Count; panel++)
        {
            operands.Right = right + _panels.FirstColumn(panel);
            operands.Output = biasGradient + _panels.FirstColumn(panel);
            operands.LastCount = _panels.LastCount(panel);
            TileSweep<TSimd, TVector>.Run(operands, _panels.Vectors(panel), rows: 1);
        }
    }

    private void CopyPadded(float* source, float* destination, int pixels)
    {
        int columns = _panels.Columns;
        int whole = columns / TSimd.Width * TSimd.Width;
        for (int pixel = 0; pixel < pixels; pixel++)
        {
            for (int column = 0; column < whole; column += TSimd.Width)
            {
                TSimd.Store(TSimd.Load(source + column), destination + column);
            }

            TSimd.Store(TSimd.LoadPartial(source + whole, columns - whole), destination + whole);
            source += _geometry.OutputChannels;
            destination += _panels.PaddedColumns;
        }
    }
}
