using Sepal.Kernels.Simd;

namespace Sepal.Kernels.Normalization;

/// <summary>Divides every channel of a pixel by a power of the sum of squares of the channels around it.</summary>
/// <param name="channels">Channels of a pixel.</param>
/// <param name="size">Channels in a sum.</param>
/// <param name="factor">What the sum is multiplied by.</param>
/// <param name="beta">The exponent.</param>
/// <param name="bias">What is added to the sum.</param>
internal abstract unsafe class LocalResponseKernel(int channels, int size, float factor, float beta, float bias)
{
    protected int Channels { get; } = channels;

    /// <summary>Channels in a sum; more than these reach past both ends wherever the sum stands.</summary>
    protected int Size { get; } = Math.Min(size, (2 * channels) + 1);

    protected float Factor { get; } = factor;

    protected float Beta { get; } = beta;

    protected float Bias { get; } = bias;

    /// <summary>Scratch floats that a worker needs: a pixel's squares between zeros, and a vector's reach past them.</summary>
    public long ScratchLength => Channels + Size + 16;

    public static LocalResponseKernel Create(int channels, int size, float alpha, float beta, float bias) =>
        SimdLevel.Create<Factory, LocalResponseKernel>(
            new Factory(channels, size, alpha / size, beta, bias), SimdWidths.ForChannels(channels));

    public abstract void Run(float* input, float* output, long pixels, float* scratch);

    private readonly struct Factory(int channels, int size, float factor, float beta, float bias) : ISimdFactory<LocalResponseKernel>
    {
        public LocalResponseKernel Create<TSimd, TVector>()
            where TSimd : ISimd<TVector>
            where TVector : struct => new Vectorised<TSimd, TVector>(channels, size, factor, beta, bias);
    }

    private sealed class Vectorised<TSimd, TVector>(int channels, int size, float factor, float beta, float bias)
        : LocalResponseKernel(channels, size, factor, beta, bias)
        where TSimd : ISimd<TVector>
        where TVector : struct
    {
        public override void Run(float* input, float* output, long pixels, float* scratch)
        {
            new Span<float>(scratch, (int)ScratchLength).Clear();
            float* squares = scratch + ((Size - 1) / 2);
            TVector exponent = TSimd.Broadcast(-Beta);
            for (long pixel = 0; pixel < pixels; pixel++, input += Channels, output += Channels)
            {
                for (int channel = 0; channel < Channels; channel++)
                {
                    squares[channel] = input[channel] * input[channel];
                }

                for (int channel = 0; channel < Channels; channel += TSimd.Width)
                {
                    TVector sum = TSimd.Broadcast(0);
                    for (int neighbour = 0; neighbour < Size; neighbour++)
                    {
                        sum = TSimd.Add(sum, TSimd.Load(scratch + channel + neighbour));
                    }

                    TVector scale = TSimd.MultiplyAdd(sum, TSimd.Broadcast(Factor), TSimd.Broadcast(Bias));
                    TVector power = TSimd.Exp(TSimd.Multiply(exponent, TSimd.Log(scale)));
                    int count = Math.Min(TSimd.Width, Channels - channel);
                    TSimd.StorePartial(TSimd.Multiply(TSimd.LoadPartial(input + channel, count), power), output + channel, count);
                }
            }
        }
    }
}
