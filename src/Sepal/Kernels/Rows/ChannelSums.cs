using Sepal.Kernels.Simd;

namespace Sepal.Kernels.Rows;

/// <summary>For every channel, the sum over pixels, times a factor.</summary>
internal abstract unsafe class ChannelSums
{
    public static ChannelSums Create(int channels) => SimdLevel.Create<Factory, ChannelSums>(new Factory(channels));

    /// <summary>Adds up some channels.</summary>
    /// <param name="pixels">The first pixel.</param>
    /// <param name="count">How many pixels.</param>
    /// <param name="factor">What the sums are multiplied by.</param>
    /// <param name="sums">Where the sum of channel 0 goes.</param>
    /// <param name="first">The first channel: 0 or a multiple of 16, so that sums have the same bits however channels are divided.</param>
    /// <param name="end">One past the last channel.</param>
    public abstract void Run(float* pixels, int count, float factor, float* sums, int first, int end);

    private readonly struct Factory(int channels) : ISimdFactory<ChannelSums>
    {
        public ChannelSums Create<TSimd, TVector>()
            where TSimd : ISimd<TVector>
            where TVector : struct => new Vectorised<TSimd, TVector>(channels);
    }

    private sealed class Vectorised<TSimd, TVector>(int channels) : ChannelSums
        where TSimd : ISimd<TVector>
        where TVector : struct
    {
        public override void Run(float* pixels, int count, float factor, float* sums, int first, int end)
        {
            int channel = first;
            for (; channel <= end - TSimd.Width; channel += TSimd.Width)
            {
                // Two sums, since one would wait for itself at every pixel.
                TVector even = default;
                TVector odd = default;
                float* pixel = pixels + channel;
                int rest = count;
                for (; rest >= 2; rest -= 2, pixel += 2 * (nint)channels)
                {
                    even = TSimd.Add(even, TSimd.Load(pixel));
                    odd = TSimd.Add(odd, TSimd.Load(pixel + channels));
                }

                even = rest > 0 ? TSimd.Add(even, TSimd.Load(pixel)) : even;
                TSimd.Store(TSimd.Multiply(TSimd.Add(even, odd), TSimd.Broadcast(factor)), sums + channel);
            }

            for (; channel < end; channel++)
            {
                float sum = 0;
                for (int pixel = 0; pixel < count; pixel++)
                {
                    sum += pixels[((nint)pixel * channels) + channel];
                }

                sums[channel] = sum * factor;
            }
        }
    }
}
