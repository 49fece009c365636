using Sepal.Kernels.Simd;

namespace Sepal.Kernels.Convolution;

/// <summary>Chooses how a convolution and its gradient by input are computed as matrix products.</summary>
internal static class CorrelationProducts
{
    /// <summary>Output channels that scattering needs, for its products to outweigh their additions.</summary>
    private const int LeastScatteredChannels = 16;

    /// <summary>Multiply-adds of an image above which scattering, whose parts are whole images, leaves too few parts.</summary>
    private const long LargestScatteredImage = 1 << 24;

    public static CorrelationProduct Forward(in ConvolutionGeometry geometry) =>
        Create(Correlation.Forward(geometry), KernelLayout.Forward(geometry), geometry.Batch);

    /// <summary>One product, or one for each phase of the strides.</summary>
    public static CorrelationProduct[] InputGradient(in ConvolutionGeometry geometry)
    {
        Correlation[] phases = Correlation.InputGradient(geometry);
        if (SuitsScattering(geometry, phases))
        {
            return [SimdLevel.Create<ScatteredFactory, CorrelationProduct>(new ScatteredFactory(geometry))];
        }

        KernelLayout transposed = KernelLayout.Transposed(geometry);
        int batch = geometry.Batch;
        return [.. phases.Select(phase => Create(phase, transposed, batch))];
    }

    private static CorrelationProduct Create(in Correlation correlation, in KernelLayout kernel, int batch) =>
        SimdLevel.Create<Factory, CorrelationProduct>(new Factory(correlation, kernel, batch));

    /// <summary>
    /// Whether scattering takes less work than the correlations that compute the same, by more than its additions cost.
    /// </summary>
    private static bool SuitsScattering(in ConvolutionGeometry geometry, Correlation[] phases)
    {
        Correlation forward = Correlation.Forward(geometry);
        if (geometry.Groups != 1 || geometry.DilationWidth != 1 || !forward.Rows.IsInside || !forward.Columns.IsInside
            || geometry.OutputChannels < LeastScatteredChannels
            || geometry.KernelWidth * geometry.InputChannels * 2 < SimdLevel.Width)
        {
            return false;
        }

        long outputWork = (long)geometry.OutputHeight * geometry.OutputWidth * geometry.KernelArea;
        long inputWork = phases.Sum(
            phase => (long)phase.Rows.TargetCount * phase.Columns.TargetCount * phase.TapCount);
        return inputWork > outputWork * 9 / 8
            && outputWork * geometry.InputChannels * geometry.OutputChannels <= LargestScatteredImage;
    }

    private readonly struct Factory(Correlation correlation, KernelLayout kernel, int batch)
        : ISimdFactory<CorrelationProduct>
    {
        public CorrelationProduct Create<TSimd, TVector>()
            where TSimd : ISimd<TVector>
            where TVector : struct => CorrelationDots<TSimd, TVector>.Suits(correlation, kernel)
                ? new CorrelationDots<TSimd, TVector>(correlation, kernel, batch)
                : new CorrelationProduct<TSimd, TVector>(correlation, kernel, batch);
    }

    private readonly struct ScatteredFactory(ConvolutionGeometry geometry) : ISimdFactory<CorrelationProduct>
    {
        public CorrelationProduct Create<TSimd, TVector>()
            where TSimd : ISimd<TVector>
            where TVector : struct => new ScatteredInputGradient<TSimd, TVector>(geometry);
    }
}
