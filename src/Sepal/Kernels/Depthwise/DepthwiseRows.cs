using Sepal.Kernels.Simd;

namespace Sepal.Kernels.Depthwise;

/// <summary>
/// A depthwise convolution of one image, some target rows at a time, so that a caller may keep as few rows of the source and
/// the target as it likes. The depth multiplier may be more than one. An instance is immutable and may be used by
/// any number of threads at once; an output's bits do not depend on the rows that are computed with it.
/// </summary>
/// <remarks>
/// Pixels lie next to each other in a row: <c>InputChannels</c> floats each in the source, <c>OutputChannels</c> in the
/// target. The packed kernel and the scratch are native memory, aligned to 64 bytes, of the lengths (in floats) that the properties tell.
/// Nothing is allocated by <see cref="Run"/>.
/// </remarks>
internal abstract unsafe class DepthwiseRows(in ConvolutionGeometry geometry)
{
    /// <summary>What is computed; the batch is ignored.</summary>
    public ConvolutionGeometry Geometry { get; } = geometry;

    /// <summary>Length of the packed kernel and bias.</summary>
    public abstract long PackedLength { get; }

    /// <summary>Scratch of one call of <see cref="Run"/>.</summary>
    public abstract long ScratchLength { get; }

    /// <summary>Chooses the kernel for a geometry and this machine's vectors.</summary>
    public static DepthwiseRows Create(in ConvolutionGeometry geometry) => geometry.GroupOutputChannels > 1
        ? new RepeatedDepthwiseRows(geometry)
        : SimdLevel.Create<Factory, DepthwiseRows>(new Factory(geometry), widest: geometry.InputChannels);

    /// <summary>
    /// The source rows [first, end) under the taps of the target rows [from, to), which are all that <see cref="Run"/> reads.
    /// None where all those taps are padding.
    /// </summary>
    public (int First, int End) SourceRows(int from, int to)
    {
        CorrelationAxis rows = Correlation.Forward(Geometry).Rows;
        int first = int.MaxValue;
        int end = 0;
        for (int row = from; row < to; row++)
        {
            TapRange taps = rows.TapsInside(row);
            if (taps.Count > 0)
            {
                int top = rows.SourceStart + (row * rows.SourceStep);
                first = Math.Min(first, top + (taps.First * rows.TapStep));
                end = Math.Max(end, top + ((taps.End - 1) * rows.TapStep) + 1);
            }
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
    public abstract void Run(
        float* source, nint sourcePitch, float* packed, float* target, nint targetPitch, int from, int to, float low,
        float high, float* scratch);

    private readonly struct Factory(ConvolutionGeometry geometry) : ISimdFactory<DepthwiseRows>
    {
        public DepthwiseRows Create<TSimd, TVector>()
            where TSimd : ISimd<TVector>
            where TVector : struct => new DepthwiseChannelRows<TSimd, TVector>(geometry);
    }
}
