using Sepal.Kernels.Simd;

namespace Sepal.Kernels.Copying;

/// <summary>Joins some channels of two tensors alternately.</summary>
internal abstract unsafe class ChannelAlternation
{
    /// <summary>Chooses the vector width.</summary>
    /// <param name="channels">Channels of a pixel of either source.</param>
    /// <param name="count">How many of them are taken of each; a target's pixel has twice as many.</param>
    public static ChannelAlternation Create(int channels, int count) =>
        SimdLevel.Create<Factory, ChannelAlternation>(new Factory(channels, count), widest: Math.Max(count, 1));

    /// <summary>Joins pixels, from the first channel that is taken of each on.</summary>
    public abstract void Run(float* left, float* right, float* target, long pixels);

    private readonly struct Factory(int channels, int count) : ISimdFactory<ChannelAlternation>
    {
        public ChannelAlternation Create<TSimd, TVector>()
            where TSimd : ISimd<TVector>
            where TVector : struct => new Vectorised<TSimd, TVector>(channels, count);
    }

    private sealed class Vectorised<TSimd, TVector>(int channels, int count) : ChannelAlternation
        where TSimd : ISimd<TVector>
        where TVector : struct
    {
        public override void Run(float* left, float* right, float* target, long pixels)
        {
            // The last vector overlaps the one before it. There are at least as many channels as one has.
            int last = count - TSimd.Width;
            for (long pixel = 0; pixel < pixels; pixel++, left += channels, right += channels, target += 2 * count)
            {
                for (int channel = 0; channel < last; channel += TSimd.Width)
                {
                    TSimd.StoreInterleaved(TSimd.Load(left + channel), TSimd.Load(right + channel), target + (2 * channel));
                }

                TSimd.StoreInterleaved(TSimd.Load(left + last), TSimd.Load(right + last), target + (2 * last));
            }
        }
    }
}
