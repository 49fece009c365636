using Sepal.Kernels.Simd;

namespace Sepal.Kernels.Normalization;

/// <summary>
/// Batch normalisation's gradients. <c>inverse</c> is 1/√(variance + ε) and <c>factor</c> γ times that, channel by channel;
/// <c>sums</c> are Σdy and, after it, Σdy·(x − mean).
/// </summary>
internal abstract unsafe class NormalizationGradientKernel(int channels)
{
    public int Channels { get; } = channels;

    public static NormalizationGradientKernel Create(int channels) =>
        SimdLevel.Create<Factory, NormalizationGradientKernel>(new Factory(channels), SimdWidths.ForChannels(channels));

    /// <summary><c>dγ = inverse·Σdy·(x − mean)</c> and <c>dβ = Σdy</c>; null where not wanted.</summary>
    public abstract void Parameters(float* sums, float* inverse, float* gammaGradient, float* betaGradient);

    /// <summary>
    /// What <see cref="ActivatedNormalizationKernel.Input"/> needs of the sums over n rows: <c>factor·inverse²·Σdy·(x − mean)/n</c> and, after it,
    /// <c>factor·Σdy/n</c>.
    /// </summary>
    public abstract void Coefficients(float* sums, float* inverse, float* factor, long rows, float* coefficients);

    /// <summary>The gradient by the data where the statistics are fixed: <c>dy·factor</c>.</summary>
    public abstract void Scale(float* outputGradient, float* inputGradient, long rows, float* factor);

    private readonly struct Factory(int channels) : ISimdFactory<NormalizationGradientKernel>
    {
        public NormalizationGradientKernel Create<TSimd, TVector>()
            where TSimd : ISimd<TVector>
            where TVector : struct => new Vectorised<TSimd, TVector>(channels);
    }

    private sealed class Vectorised<TSimd, TVector>(int channels) : NormalizationGradientKernel(channels)
        where TSimd : ISimd<TVector>
        where TVector : struct
    {
        public override void Parameters(float* sums, float* inverse, float* gammaGradient, float* betaGradient)
        {
            for (int channel = 0; channel < Channels; channel += TSimd.Width)
            {
                int count = Math.Min(TSimd.Width, Channels - channel);
                if (gammaGradient != null)
                {
                    TVector weighted = TSimd.LoadPartial(sums + Channels + channel, count);
                    TVector gradient = TSimd.Multiply(weighted, TSimd.LoadPartial(inverse + channel, count));
                    TSimd.StorePartial(gradient, gammaGradient + channel, count);
                }

                if (betaGradient != null)
                {
                    TSimd.StorePartial(TSimd.LoadPartial(sums + channel, count), betaGradient + channel, count);
                }
            }
        }

        public override void Coefficients(float* sums, float* inverse, float* factor, long rows, float* coefficients)
        {
            TVector share = TSimd.Broadcast(1f / rows);
            for (int channel = 0; channel < Channels; channel += TSimd.Width)
            {
                int count = Math.Min(TSimd.Width, Channels - channel);
                TVector scale = TSimd.Multiply(TSimd.LoadPartial(factor + channel, count), share);
                TVector reciprocal = TSimd.LoadPartial(inverse + channel, count);
                TVector weighted = TSimd.LoadPartial(sums + Channels + channel, count);
                TVector slope = TSimd.Multiply(TSimd.Multiply(scale, weighted), TSimd.Multiply(reciprocal, reciprocal));
                TVector offset = TSimd.Multiply(scale, TSimd.LoadPartial(sums + channel, count));
                TSimd.StorePartial(slope, coefficients + channel, count);
                TSimd.StorePartial(offset, coefficients + Channels + channel, count);
            }
        }

        public override void Scale(float* outputGradient, float* inputGradient, long rows, float* factor)
        {
            for (long row = 0; row < rows; row++, outputGradient += Channels, inputGradient += Channels)
            {
                for (int channel = 0; channel < Channels; channel += TSimd.Width)
                {
                    int count = Math.Min(TSimd.Width, Channels - channel);
                    TVector scaled = TSimd.Multiply(
                        TSimd.LoadPartial(outputGradient + channel, count), TSimd.LoadPartial(factor + channel, count));
                    TSimd.StorePartial(scaled, inputGradient + channel, count);
                }
            }
        }
    }
}
