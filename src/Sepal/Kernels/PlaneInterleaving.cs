using Sepal.Kernels.Simd;

namespace Sepal.Kernels;

/// <summary>Makes pixels of planes: of one channel after the other, all channels of a pixel side by side.</summary>
internal abstract unsafe class PlaneInterleaving
{
    /// <summary>Whether there is a kernel for so many channels: for colour images there is.</summary>
    public static bool Suits(long channels) => channels == 3;

    public static PlaneInterleaving Create(int channels) => Suits(channels)
        ? SimdLevel.Create<Factory, PlaneInterleaving>(default)
        : throw new ArgumentOutOfRangeException(nameof(channels), channels, "Only three channels are interleaved.");

    /// <summary>Interleaves pixels.</summary>
    /// <param name="planes">The first pixel of the first channel.</param>
    /// <param name="planeLength">Floats from one channel to the next.</param>
    /// <param name="pixels">Where the pixels go.</param>
    /// <param name="count">How many pixels.</param>
    public abstract void Run(float* planes, nint planeLength, float* pixels, int count);

    private readonly struct Factory : ISimdFactory<PlaneInterleaving>
    {
        public PlaneInterleaving Create<TSimd, TVector>()
            where TSimd : ISimd<TVector>
            where TVector : struct => new OfThree<TSimd, TVector>();
    }

    private sealed class OfThree<TSimd, TVector> : PlaneInterleaving
        where TSimd : ISimd<TVector>
        where TVector : struct
    {
        public override void Run(float* planes, nint planeLength, float* pixels, int count)
        {
            float* second = planes + planeLength;
            float* third = second + planeLength;
            int pixel = 0;
            for (; pixel <= count - TSimd.Width; pixel += TSimd.Width)
            {
                TSimd.StoreInterleaved(
                    TSimd.Load(planes + pixel), TSimd.Load(second + pixel), TSimd.Load(third + pixel), pixels + (3 * pixel));
            }

            for (; pixel < count; pixel++)
            {
                pixels[3 * pixel] = planes[pixel];
                pixels[(3 * pixel) + 1] = second[pixel];
                pixels[(3 * pixel) + 2] = third[pixel];
            }
        }
    }
}
