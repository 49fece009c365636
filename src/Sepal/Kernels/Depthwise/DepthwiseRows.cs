using Sepal.Kernels.Simd;

namespace Sepal.Kernels.Depthwise;

/// <summary>
/// A depthwise or grouped convolution of one image, some target rows at a time, so that a caller may keep as few rows of the
/// source and the target as it likes. The depth multiplier may be more than one. An instance is immutable and may be used by
/// any number of threads at once; an output's bits do not depend on the rows that are computed with it.
/// </summary>
/// <remarks>
/// Pixels lie next to each other in a row: <c>InputChannels</c> floats each in the source, <c>OutputChannels</c> in the
/// target. The packed kernel and the scratch are native memory, aligned to 64 bytes, of the lengths (in floats) that the properties tell.
/// Nothing is allocated by <see cref="Run"/>.
/// </remarks>
internal abstract unsafe class DepthwiseRows(in ConvolutionGeometry geometry)
{
    /// <summary>
    /// Channels from which on they are the better lanes, even in a narrower vector than the widest: 8 channels of 112×112 pixels take 20 µs so, 60 µs
    /// with pixels as lanes.
    /// </summary>
    private const int FewestChannels = 8;

    /// <summary>Floats of the narrowest vector.</summary>
    private const int NarrowVector = 4;

    /// <summary>Taps for each source pixel that narrow vectors are measured to be faster for.</summary>
    private const int NarrowTaps = 6;

    /// <summary>For each target row, the first and one past the last of the source rows under its taps; equal where there are none.</summary>
    private readonly (int First, int End)[] _sourceRows = FindSourceRows(Correlation.Forward(geometry).Rows);

    /// <summary>What is computed; the batch is ignored.</summary>
    public ConvolutionGeometry Geometry { get; } = geometry;

    /// <summary>Length of the packed kernel and bias.</summary>
    public abstract long PackedLength { get; }

    /// <summary>Scratch of one call of <see cref="Run"/>.</summary>
    public abstract long ScratchLength { get; }

    /// <summary>Blocks of channels that can be computed apart, none of which writes what another one does.</summary>
    public virtual int Blocks => 1;

    /// <summary>The first channel of a block; of the one past the last block, the number of channels.</summary>
    public virtual int FirstChannel(int block) => block == 0 ? 0 : Geometry.OutputChannels;

    /// <summary>Chooses the kernel for a geometry and this machine's vectors.</summary>
    public static DepthwiseRows Create(in ConvolutionGeometry geometry)
    {
        if (DepthwiseScaling.Suits(geometry))
        {
            return SimdLevel.Create<ScalingFactory, DepthwiseRows>(
                new ScalingFactory(geometry), geometry.InputWidth * geometry.InputChannels);
        }

        return AreChannelsLanes(geometry)
            ? SimdLevel.Create<ChannelFactory, DepthwiseRows>(new ChannelFactory(geometry), geometry.InputChannels)
            : SimdLevel.Create<LaneFactory, DepthwiseRows>(new LaneFactory(geometry), LaneLayout.VectorWidth(geometry));
    }

    /// <summary>
    /// Few channels are lanes of their own where the stride skips so much that copying the source for whole vectors costs more
    /// than they save: that is for each source pixel, the work of narrow vectors for each tap.
    /// </summary>
    private static bool AreChannelsLanes(in ConvolutionGeometry geometry)
    {
        if (geometry is not { GroupInputChannels: 1, GroupOutputChannels: 1 })
        {
            return false;
        }

        int channels = geometry.InputChannels;
        if (channels >= Math.Min(SimdLevel.Width, FewestChannels))
        {
            return true;
        }

        return channels >= NarrowVector && geometry.StrideWidth > 1
            && geometry.KernelArea <= NarrowTaps * geometry.StrideHeight * geometry.StrideWidth;
    }

    /// <summary>
    /// The source rows [first, end) under the taps of the target rows [from, to), which are all that <see cref="Run"/> reads.
    /// None where all those taps are padding.
    /// </summary>
    public (int First, int End) SourceRows(int from, int to)
    {
        int first = int.MaxValue;
        int end = 0;
        foreach ((int rowFirst, int rowEnd) in _sourceRows.AsSpan(from, to - from))
        {
            first = rowEnd > rowFirst ? Math.Min(first, rowFirst) : first;
            end = Math.Max(end, rowEnd);
        }

        return (Math.Min(first, end), end);
    }

    /// <summary>Brings the kernel and the bias in the order in which they are read.</summary>
    /// <param name="kernel">As in <see cref="ConvolutionGeometry"/>.</param>
    /// <param name="bias">One for each output channel, or null.</param>
    /// <param name="packed">Where to.</param>
    public abstract void Pack(float* kernel, float* bias, float* packed);

    /// <summary>
    /// Computes the target rows [from, to). Only these, and of the source only the <see cref="SourceRows"/> under them, need
    /// to exist in memory.
    /// </summary>
    /// <param name="source">Where the source's row 0 is, or would be.</param>
    /// <param name="sourcePitch">Floats from one source row to the next.</param>
    /// <param name="packed">What <see cref="Pack"/> made.</param>
    /// <param name="target">Where the target's row 0 is, or would be; apart from the source.</param>
    /// <param name="targetPitch">Floats from one target row to the next.</param>
    /// <param name="from">The first target row.</param>
    /// <param name="to">One past the last; at least one past the first.</param>
    /// <param name="low">The least value of an output; negative infinity for none. A NaN stays one.</param>
    /// <param name="high">The greatest value of an output; infinity for none.</param>
    /// <param name="scratch">Of this call alone.</param>
    /// <param name="firstBlock">The first block of channels to compute.</param>
    /// <param name="endBlock">One past the last block of channels to compute.</param>
    public abstract void Run(
        float* source, nint sourcePitch, float* packed, float* target, nint targetPitch, int from, int to, float low,
        float high, float* scratch, int firstBlock, int endBlock);

    private static (int First, int End)[] FindSourceRows(CorrelationAxis rows)
    {
        (int First, int End)[] ranges = new (int First, int End)[rows.TargetCount];
        for (int row = 0; row < ranges.Length; row++)
        {
            TapRange taps = rows.TapsInside(row);
            int top = rows.SourceStart + (row * rows.SourceStep);
            ranges[row] = taps.Count > 0
                ? (top + (taps.First * rows.TapStep), top + ((taps.End - 1) * rows.TapStep) + 1)
                : (0, 0);
        }

        return ranges;
    }

    private readonly struct ScalingFactory(ConvolutionGeometry geometry) : ISimdFactory<DepthwiseRows>
    {
        public DepthwiseRows Create<TSimd, TVector>()
            where TSimd : ISimd<TVector>
            where TVector : struct => new DepthwiseScaling<TSimd, TVector>(geometry);
    }

    private readonly struct ChannelFactory(ConvolutionGeometry geometry) : ISimdFactory<DepthwiseRows>
    {
        /// <summary>Of all pixels, in percent.</summary>
        private const int MuchBorder = 40;

        private const int AliasingChannels = 256;

        public DepthwiseRows Create<TSimd, TVector>()
            where TSimd : ISimd<TVector>
            where TVector : struct => IsWorthCopying(geometry)
                ? new DepthwiseWindowRows<TSimd, TVector>(geometry)
                : new DepthwiseChannelRows<TSimd, TVector>(geometry);

        /// <summary>
        /// At larger strides a copy costs as much as it saves. Else it pays where many pixels lie at the border, where pixels
        /// lie a large power of two apart and displace each other in the cache, and for 5×5, which shares what it loads.
        /// </summary>
        private static bool IsWorthCopying(in ConvolutionGeometry geometry)
        {
            if (geometry.StrideHeight > 1 || geometry.StrideWidth > 1 || geometry.KernelArea == 1)
            {
                return false;
            }

            Correlation correlation = Correlation.Forward(geometry);
            int all = geometry.OutputHeight * geometry.OutputWidth;
            int inside = (correlation.Rows.InsideEnd - correlation.Rows.InsideStart)
                * (correlation.Columns.InsideEnd - correlation.Columns.InsideStart);
            bool isFiveByFive = geometry is { KernelHeight: 5, KernelWidth: 5, DilationHeight: 1, DilationWidth: 1 };
            return isFiveByFive || (all - inside) * 100L > (long)MuchBorder * all
                || geometry.InputChannels % AliasingChannels == 0;
        }
    }

    private readonly struct LaneFactory(ConvolutionGeometry geometry) : ISimdFactory<DepthwiseRows>
    {
        public DepthwiseRows Create<TSimd, TVector>()
            where TSimd : ISimd<TVector>
            where TVector : struct => new LaneRows<TSimd, TVector>(geometry);
    }
}
