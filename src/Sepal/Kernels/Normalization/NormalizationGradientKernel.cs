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

    /// <summary>The sums over some rows.</summary>
    public abstract void Sum(float* input, float* outputGradient, long rows, float* mean, float* sums);

    /// <summary><c>dγ = inverse·Σdy·(x − mean)</c> and <c>dβ = Σdy</c>; null where not wanted.</summary>
    public abstract void Parameters(float* sums, float* inverse, float* gammaGradient, float* betaGradient);

    /// <summary>
    /// What <see cref="Input"/> needs of the sums over n rows: <c>factor·inverse²·Σdy·(x − mean)/n</c> and, after it,
    /// <c>factor·Σdy/n</c>.
    /// </summary>
    public abstract void Coefficients(float* sums, float* inverse, float* factor, long rows, float* coefficients);

    /// <summary>The gradient by the data where the batch's statistics depend on it: <c>dy·factor − slope·(x − mean) − offset</c>.</summary>
    public abstract void Input(
        float* input, float* outputGradient, float* inputGradient, long rows, float* mean, float* factor, float* coefficients);

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
        public override void Sum(float* input, float* outputGradient, long rows, float* mean, float* sums)
        {
            for (int channel = 0; channel < Channels; channel += TSimd.Width)
            {
                int count = Math.Min(TSimd.Width, Channels - channel);
                TVector center = TSimd.LoadPartial(mean + channel, count);
                SumColumn(input + channel, outputGradient + channel, rows, center, sums + channel, count);
            }
        }

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

        public override void Input(
            float* input, float* outputGradient, float* inputGradient, long rows, float* mean, float* factor, float* coefficients)
        {
            float* slope = coefficients;
            float* offset = coefficients + Channels;
            for (long row = 0; row < rows; row++, input += Channels, outputGradient += Channels, inputGradient += Channels)
            {
                for (int channel = 0; channel < Channels; channel += TSimd.Width)
                {
                    int count = Math.Min(TSimd.Width, Channels - channel);
                    TVector belowMean = TSimd.Subtract(
                        TSimd.LoadPartial(mean + channel, count), TSimd.LoadPartial(input + channel, count));
                    TVector correction = TSimd.Subtract(
                        TSimd.Multiply(belowMean, TSimd.LoadPartial(slope + channel, count)),
                        TSimd.LoadPartial(offset + channel, count));
                    TVector gradient = TSimd.MultiplyAdd(
                        TSimd.LoadPartial(outputGradient + channel, count),
                        TSimd.LoadPartial(factor + channel, count),
                        correction);
                    TSimd.StorePartial(gradient, inputGradient + channel, count);
                }
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

        /// <summary>Two rows side by side, so that the sums do not wait for themselves.</summary>
        private void SumColumn(float* input, float* outputGradient, long rows, TVector mean, float* sums, int count)
        {
            TVector sum = TSimd.Broadcast(0);
            TVector otherSum = sum;
            TVector weighted = sum;
            TVector otherWeighted = sum;
            long pitch = Channels;
            long row = 0;
            for (; row <= rows - 2; row += 2, input += 2 * pitch, outputGradient += 2 * pitch)
            {
                TVector gradient = TSimd.LoadPartial(outputGradient, count);
                TVector otherGradient = TSimd.LoadPartial(outputGradient + pitch, count);
                sum = TSimd.Add(sum, gradient);
                otherSum = TSimd.Add(otherSum, otherGradient);
                weighted = TSimd.MultiplyAdd(gradient, TSimd.Subtract(TSimd.LoadPartial(input, count), mean), weighted);
                otherWeighted = TSimd.MultiplyAdd(
                    otherGradient, TSimd.Subtract(TSimd.LoadPartial(input + pitch, count), mean), otherWeighted);
            }

            if (row < rows)
            {
                TVector gradient = TSimd.LoadPartial(outputGradient, count);
                sum = TSimd.Add(sum, gradient);
                weighted = TSimd.MultiplyAdd(gradient, TSimd.Subtract(TSimd.LoadPartial(input, count), mean), weighted);
            }

            TSimd.StorePartial(TSimd.Add(sum, otherSum), sums, count);
            TSimd.StorePartial(TSimd.Add(weighted, otherWeighted), sums + Channels, count);
        }
    }
}
