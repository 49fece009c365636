using Sepal.Kernels.Simd;

namespace Sepal.Kernels.Depthwise;

/// <summary>The packed kernel of one vector of channels after the other: its bias, then the weights of each tap.</summary>
internal static unsafe class DepthwisePacking<TSimd, TVector>
    where TSimd : ISimd<TVector>
    where TVector : struct
{
    /// <summary>Vectors of channels, at least one whole.</summary>
    public static int Vectors(int channels) => (channels + TSimd.Width - 1) / TSimd.Width;

    /// <summary>Blocks that write no channel twice: a vector each, but the last one has the overlapping vector too.</summary>
    public static int Blocks(int channels) => channels / TSimd.Width;

    /// <summary>The first channel of a block, or the end of the channels.</summary>
    public static int FirstChannel(int block, int channels) => block == Blocks(channels) ? channels : block * TSimd.Width;

    /// <summary>One past the last vector of the blocks before one.</summary>
    public static int EndVector(int endBlock, int channels) => endBlock == Blocks(channels) ? Vectors(channels) : endBlock;

    /// <summary>The first channel of a vector of them; the last vector overlaps the one before it.</summary>
    public static int FirstLane(int block, int channels) => Math.Min(block * TSimd.Width, channels - TSimd.Width);

    public static void Pack(float* kernel, float* bias, int taps, int channels, float* packed)
    {
        for (int block = 0; block * TSimd.Width < channels; block++)
        {
            int lane = FirstLane(block, channels);
            TSimd.Store(bias == null ? default : TSimd.Load(bias + lane), packed);
            packed += TSimd.Width;
            for (int tap = 0; tap < taps; tap++, packed += TSimd.Width)
            {
                TSimd.Store(TSimd.Load(kernel + ((nint)tap * channels) + lane), packed);
            }
        }
    }
}
