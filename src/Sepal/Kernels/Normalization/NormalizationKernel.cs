using Sepal.Kernels.Simd;

namespace Sepal.Kernels.Normalization;

/// <summary>
/// What is the same for a whole channel of batch normalisation's forward pass, worked out once, so that the pass over the data
/// (<see cref="ActivatedNormalizationKernel"/>) only subtracts, multiplies and adds.
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
    }
}
