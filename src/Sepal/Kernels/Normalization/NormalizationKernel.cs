using Sepal.Kernels.Simd;

namespace Sepal.Kernels.Normalization;

/// <summary>
/// The passes of batch normalisation besides its statistics. Per-channel numbers are worked out once for every channel, so
/// that the passes over the data only multiply and add.
/// </summary>
internal abstract unsafe class NormalizationKernel(int channels)
{
    protected int Channels { get; } = channels;

    public static NormalizationKernel Create(int channels) =>
        SimdLevel.Create<Factory, NormalizationKernel>(new Factory(channels), SimdWidths.ForChannels(channels));

    /// <summary><c>inverse = 1 / √(variance + ε)</c> and <c>factor = γ·inverse</c>, for some channels.</summary>
    public abstract void Factors(float* variance, float epsilon, float* gamma, float* inverse, float* factor, int from, int to);

    /// <summary><c>moving = moving·momentum + batch·(1 − momentum)</c>, for some channels.</summary>
    public abstract void UpdateMoving(float* moving, float* batch, float momentum, int from, int to);

    /// <summary><c>(x − mean)·factor + β</c>.</summary>
    public abstract void Normalize(float* input, float* output, long rows, float* mean, float* factor, float* beta);

    /// <summary><c>dy·factor</c>: the gradient by the data where the statistics are fixed.</summary>
    public abstract void ScaleGradient(float* outputGradient, float* inputGradient, long rows, float* factor);

    /// <summary>Σ dy and Σ dy·(x − mean) of every channel over some rows, the second after the first.</summary>
    public abstract void SumGradients(float* input, float* outputGradient, long rows, float* mean, float* sums);

    /// <summary>
    /// The gradient by the data in training: <c>factor·(dy − Σdy/n) − slope·(x − mean)</c> with
    /// <c>slope = factor·inverse²·Σ(dy·(x − mean))/n</c>. <paramref name="coefficients"/> holds <c>slope</c> and, after it,
    /// <c>factor·Σdy/n</c>, by <see cref="Coefficients"/>.
    /// </summary>
    public abstract void InputGradient(
        float* input, float* outputGradient, float* inputGradient, long rows, float* mean, float* factor, float* coefficients);

    /// <summary>What <see cref="InputGradient"/> needs of the sums, for some channels.</summary>
    public abstract void Coefficients(
        float* sums, float* inverse, float* factor, long rows, float* coefficients, int from, int to);

    /// <summary><c>dγ = inverse·Σ dy·(x − mean)</c>, for some channels.</summary>
    public abstract void GammaGradient(float* sums, float* inverse, float* gammaGradient, int from, int to);

    private readonly struct Factory(int channels) : ISimdFactory<NormalizationKernel>
    {
        public NormalizationKernel Create<TSimd, TVector>()
            where TSimd : ISimd<TVector>
            where TVector : struct => new Vectorised<TSimd, TVector>(channels);
    }

    private sealed class Vectorised<TSimd, TVector>(int channels) : NormalizationKernel(channels)
        where TSimd : ISimd<TVector>
        where TVector : struct
    {
        public override void Factors(
            float* variance, float epsilon, float* gamma, float* inverse, float* factor, int from, int to)
        {
            TVector one = TSimd.Broadcast(1);
            TVector least = TSimd.Broadcast(epsilon);
            for (int channel = from; channel < to; channel += TSimd.Width)
            {
                int count = Math.Min(TSimd.Width, to - channel);
                TVector root = TSimd.SquareRoot(TSimd.Add(TSimd.LoadPartial(variance + channel, count), least));
                TVector reciprocal = TSimd.Divide(one, root);
                TSimd.StorePartial(reciprocal, inverse + channel, count);
                TSimd.StorePartial(
                    TSimd.Multiply(TSimd.LoadPartial(gamma + channel, count), reciprocal), factor + channel, count);
            }
        }

        public override void UpdateMoving(float* moving, float* batch, float momentum, int from, int to)
        {
            TVector kept = TSimd.Broadcast(momentum);
            TVector taken = TSimd.Broadcast(1 - momentum);
            for (int channel = from; channel < to; channel += TSimd.Width)
            {
                int count = Math.Min(TSimd.Width, to - channel);
                TVector old = TSimd.Multiply(TSimd.LoadPartial(moving + channel, count), kept);
                TSimd.StorePartial(
                    TSimd.MultiplyAdd(TSimd.LoadPartial(batch + channel, count), taken, old), moving + channel, count);
            }
        }

        public override void Normalize(float* input, float* output, long rows, float* mean, float* factor, float* beta)
        {
            for (long row = 0; row < rows; row++, input += Channels, output += Channels)
            {
                int channel = 0;
                for (; channel <= Channels - TSimd.Width; channel += TSimd.Width)
                {
                    TVector centred = TSimd.Subtract(TSimd.Load(input + channel), TSimd.Load(mean + channel));
                    TSimd.Store(
                        TSimd.MultiplyAdd(centred, TSimd.Load(factor + channel), TSimd.Load(beta + channel)), output + channel);
                }

                int rest = Channels - channel;
                if (rest > 0)
                {
                    TVector centred = TSimd.Subtract(
                        TSimd.LoadPartial(input + channel, rest), TSimd.LoadPartial(mean + channel, rest));
                    TVector result = TSimd.MultiplyAdd(
                        centred, TSimd.LoadPartial(factor + channel, rest), TSimd.LoadPartial(beta + channel, rest));
                    TSimd.StorePartial(result, output + channel, rest);
                }
            }
        }

        public override void ScaleGradient(float* outputGradient, float* inputGradient, long rows, float* factor)
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

        public override void SumGradients(float* input, float* outputGradient, long rows, float* mean, float* sums)
        {
            for (int channel = 0; channel < Channels; channel += TSimd.Width)
            {
                int count = Math.Min(TSimd.Width, Channels - channel);
                SumColumn(
                    input + channel, outputGradient + channel, rows, TSimd.LoadPartial(mean + channel, count), sums + channel, count);
            }
        }

        public override void InputGradient(
            float* input, float* outputGradient, float* inputGradient, long rows, float* mean, float* factor, float* coefficients)
        {
            float* slope = coefficients;
            float* offset = coefficients + Channels;
            for (long row = 0; row < rows; row++, input += Channels, outputGradient += Channels, inputGradient += Channels)
            {
                for (int channel = 0; channel < Channels; channel += TSimd.Width)
                {
                    int count = Math.Min(TSimd.Width, Channels - channel);
                    TVector centred = TSimd.Subtract(
                        TSimd.LoadPartial(mean + channel, count), TSimd.LoadPartial(input + channel, count));
                    TVector scaled = TSimd.MultiplyAdd(
                        TSimd.LoadPartial(outputGradient + channel, count),
                        TSimd.LoadPartial(factor + channel, count),
                        TSimd.Multiply(centred, TSimd.LoadPartial(slope + channel, count)));
                    TSimd.StorePartial(
                        TSimd.Subtract(scaled, TSimd.LoadPartial(offset + channel, count)), inputGradient + channel, count);
                }
            }
        }

        public override void Coefficients(
            float* sums, float* inverse, float* factor, long rows, float* coefficients, int from, int to)
        {
            TVector share = TSimd.Broadcast(1f / rows);
            for (int channel = from; channel < to; channel += TSimd.Width)
            {
                int count = Math.Min(TSimd.Width, to - channel);
                TVector scale = TSimd.Multiply(TSimd.LoadPartial(factor + channel, count), share);
                TVector reciprocal = TSimd.LoadPartial(inverse + channel, count);
                TVector sum = TSimd.LoadPartial(sums + channel, count);
                TVector weighted = TSimd.LoadPartial(sums + Channels + channel, count);
                TVector slope = TSimd.Multiply(TSimd.Multiply(scale, weighted), TSimd.Multiply(reciprocal, reciprocal));
                TSimd.StorePartial(slope, coefficients + channel, count);
                TSimd.StorePartial(TSimd.Multiply(scale, sum), coefficients + Channels + channel, count);
            }
        }

        public override void GammaGradient(float* sums, float* inverse, float* gammaGradient, int from, int to)
        {
            for (int channel = from; channel < to; channel += TSimd.Width)
            {
                int count = Math.Min(TSimd.Width, to - channel);
                TVector gradient = TSimd.Multiply(
                    TSimd.LoadPartial(sums + Channels + channel, count), TSimd.LoadPartial(inverse + channel, count));
                TSimd.StorePartial(gradient, gammaGradient + channel, count);
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
