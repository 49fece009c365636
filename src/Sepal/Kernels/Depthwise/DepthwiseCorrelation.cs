using Sepal.Kernels.Simd;

namespace Sepal.Kernels.Depthwise;

/// <summary>A correlation of every channel with taps of its own.</summary>
internal abstract unsafe class DepthwiseCorrelation
{
    public abstract int Parts { get; }

    public abstract long ScratchLength { get; }

    /// <summary>The first target pixel of every part, and after the last the number of all.</summary>
    public abstract long[] TargetPixels { get; }

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
                : new DepthwiseChannelCorrelation<TSimd, TVector>(correlation, lanes, kernelWidth, batch);
    }
}
