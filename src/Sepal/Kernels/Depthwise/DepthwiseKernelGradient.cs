using Sepal.Kernels.Normalization;
using Sepal.Kernels.Simd;

namespace Sepal.Kernels.Depthwise;

/// <summary>The gradients by kernel and bias of a depthwise convolution.</summary>
internal abstract unsafe class DepthwiseKernelGradient
{
    public abstract int Parts { get; }

    /// <summary>Shards of the batch; every part is one.</summary>
    public int Shards => Parts;

    public abstract long ScratchLength { get; }

    /// <summary>Whether the input need not have been written: it is copied, and can be normalised on the way.</summary>
    public abstract bool ReadsUnwrittenInput { get; }

    public static DepthwiseKernelGradient Create(in ConvolutionGeometry geometry)
    {
        DepthwiseLanes lanes = DepthwiseLanes.Choose(Correlation.Forward(geometry));
        return SimdLevel.Create<Factory, DepthwiseKernelGradient>(new Factory(geometry, lanes), widest: lanes.Count);
    }

    public abstract void Run(
        float* input, float* outputGradient, in ShardedGradients gradients, int part, float* scratch, in UnfinishedGradient unfinished,
        in UnfinishedInput unfinishedInput);

    private readonly struct Factory(ConvolutionGeometry geometry, DepthwiseLanes lanes)
        : ISimdFactory<DepthwiseKernelGradient>
    {
        public DepthwiseKernelGradient Create<TSimd, TVector>()
            where TSimd : ISimd<TVector>
            where TVector : struct => new DepthwiseKernelGradient<TSimd, TVector>(geometry, lanes);
    }
}

/// <summary>
/// Sums are kept in the scratch, a block of lanes after the other, nine taps at a time, and brought together at the end.
/// </summary>
internal sealed unsafe class DepthwiseKernelGradient<TSimd, TVector> : DepthwiseKernelGradient
    where TSimd : ISimd<TVector>
    where TVector : struct
{
    /// <summary>Pixels of a strip, so that one vector of each stays in the nearest cache.</summary>
    private const int StripPixels = 256;

    private readonly ConvolutionGeometry _geometry;
    private readonly DepthwiseLanes _lanes;
    private readonly SourceWindow _window;
    private readonly BlockWindow<TSimd, TVector> _blockWindow;
    private readonly bool _copiesBlocks;
    private readonly ShardPlan _plan;
    private readonly int _tapGroups;

    // Pinned; the last group repeats its last tap up to nine.
    private readonly nint[] _tapOffsets;

    public DepthwiseKernelGradient(in ConvolutionGeometry geometry, in DepthwiseLanes lanes)
    {
        _geometry = geometry;
        _lanes = lanes;
        _window = new SourceWindow(Correlation.Forward(geometry));
        _blockWindow = new BlockWindow<TSimd, TVector>(Correlation.Forward(geometry));
        _copiesBlocks = !lanes.IsRow && !_window.IsImage;
        int stripRows = lanes.IsRow
            ? geometry.OutputHeight
            : Math.Clamp(StripPixels / geometry.OutputWidth, 1, geometry.OutputHeight);
        _plan = ShardPlan.Divide(geometry, stripRows, weights: 1, panels: 1);
        int taps = DepthwiseNineTaps<TSimd, TVector>.Taps;
        _tapGroups = (geometry.KernelArea + taps - 1) / taps;
        _tapOffsets = GC.AllocateUninitializedArray<nint>(_tapGroups * taps, pinned: true);
        for (int i = 0; i < _tapOffsets.Length; i++)
        {
            (int row, int column) = Math.DivRem(Math.Min(i, geometry.KernelArea - 1), geometry.KernelWidth);
            _tapOffsets[i] = _copiesBlocks ? _blockWindow.TapOffset(row, column) : _window.TapOffset(row, column);
        }
    }

    public override int Parts => _plan.Parts;

    public override bool ReadsUnwrittenInput => _copiesBlocks;

    public override long ScratchLength => SumsLength + (_copiesBlocks
        ? _blockWindow.ScratchLength(_plan.StripRows)
        : _window.ScratchLength(_plan.StripRows));

    private static int GroupLength => DepthwiseNineTaps<TSimd, TVector>.Sums * TSimd.Width;

    private int SumsLength => _lanes.Blocks(TSimd.Width) * _tapGroups * GroupLength;

    public override void Run(
        float* input, float* outputGradient, in ShardedGradients gradients, int part, float* scratch, in UnfinishedGradient unfinished,
        in UnfinishedInput unfinishedInput)
    {
        if (unfinishedInput.IsUnwritten)
        {
            input = unfinishedInput.Source;
        }

        ShardPlan.Part work = _plan[part];
        new Span<float>(scratch, SumsLength).Clear();
        for (int unit = work.FirstUnit; unit < work.EndUnit; unit++)
        {
            (int image, int strip) = Math.DivRem(unit, _plan.Strips);
            int firstRow = strip * _plan.StripRows;
            int rows = strip == _plan.Strips - 1 ? _plan.LastStripRows : _plan.StripRows;
            long firstPixel = (((long)image * _geometry.OutputHeight) + firstRow) * _geometry.OutputWidth;
            unfinished.Finish(firstPixel, firstPixel + ((long)rows * _geometry.OutputWidth));
            float* gradient = outputGradient + ((nint)image * _geometry.OutputImageLength)
                + ((nint)firstRow * _geometry.OutputWidth * _geometry.OutputChannels);
            AddStrip(input + ((nint)image * _geometry.InputImageLength), gradient, firstRow, rows, scratch, unfinishedInput);
        }

        BringTogether(scratch, gradients.Kernel(work.Shard), gradients.Bias(work.Shard));
    }

    private void AddStrip(float* image, float* gradient, int firstRow, int rows, float* scratch, in UnfinishedInput unfinished)
    {
        float* sums = scratch;
        float* copy = scratch + SumsLength;
        float* window = _copiesBlocks ? copy : _window.Open(image, firstRow, rows, copy);
        DepthwisePixels pixels = _copiesBlocks
            ? new(rows, _geometry.OutputWidth, _blockWindow.TargetOffset(1, 0), _blockWindow.TargetOffset(0, 1))
            : new(
                rows, _lanes.IsRow ? 1 : _geometry.OutputWidth, _window.TargetOffset(1, 0),
                _window.TargetOffset(0, 1));
        fixed (nint* offsets = _tapOffsets)
        {
            for (int block = 0; block < _lanes.Blocks(TSimd.Width); block++)
            {
                int lane = _lanes.FirstLane(block, TSimd.Width);
                float* source = window + lane;
                if (_copiesBlocks)
                {
                    _blockWindow.Copy(image + lane, firstRow, rows, window, unfinished, lane);
                    source = window;
                }

                for (int group = 0; group < _tapGroups; group++, sums += GroupLength)
                {
                    DepthwiseNineTaps<TSimd, TVector>.Add(
                        source, offsets + (group * DepthwiseNineTaps<TSimd, TVector>.Taps), pixels, gradient + lane,
                        _lanes.Count, sums);
                }
            }
        }
    }

    private void BringTogether(float* sums, float* kernelGradient, float* biasGradient)
    {
        int taps = DepthwiseNineTaps<TSimd, TVector>.Taps;
        new Span<float>(kernelGradient, _geometry.KernelLength).Clear();
        if (biasGradient != null)
        {
            new Span<float>(biasGradient, _geometry.OutputChannels).Clear();
        }

        int done = 0;
        for (int block = 0; block < _lanes.Blocks(TSimd.Width); block++)
        {
            // Lanes that the block before has too are not counted again.
            int firstLane = _lanes.FirstLane(block, TSimd.Width);
            int skip = done - firstLane;
            for (int group = 0; group < _tapGroups; group++, sums += GroupLength)
            {
                int firstTap = group * taps;
                for (int tap = firstTap; tap < Math.Min(firstTap + taps, _geometry.KernelArea); tap++)
                {
                    AddLanes(
                        sums + ((tap - firstTap) * TSimd.Width), firstLane, skip,
                        kernelGradient + ((nint)tap * _geometry.OutputChannels));
                }

                if (group == 0 && biasGradient != null)
                {
                    AddLanes(sums + (taps * TSimd.Width), firstLane, skip, biasGradient);
                }
            }

            done = firstLane + TSimd.Width;
        }
    }

    private void AddLanes(float* sums, int firstLane, int skip, float* channels)
    {
        int channel = (firstLane + skip) % _geometry.OutputChannels;
        for (int lane = skip; lane < TSimd.Width; lane++)
        {
            channels[channel] += sums[lane];
            channel = channel + 1 == _geometry.OutputChannels ? 0 : channel + 1;
        }
    }
}
