using Sepal.Kernels.Simd;
using Sepal.Randomness;

namespace Sepal.Kernels.Elementwise;

/// <summary>
/// Dropout by a mask that is computed, not stored: element i is kept if number i of a random stream is at least the rate.
/// Forward and gradient are the same operation.
/// </summary>
internal abstract unsafe class DropoutKernel
{
    // Numbers at a time: they stay in L1.
    private const int ChunkLength = 1024;

    public static DropoutKernel Instance { get; } = SimdLevel.Create<Factory, DropoutKernel>(default);

    /// <summary>Scales the elements that are kept by <c>1 / (1 − rate)</c> and zeros the others.</summary>
    /// <param name="source">Element 0.</param>
    /// <param name="destination">Where element 0 goes.</param>
    /// <param name="from">The first element to treat; a multiple of 4.</param>
    /// <param name="to">Just after the last one.</param>
    /// <param name="rate">The share of elements to drop.</param>
    /// <param name="seed">The run's seed.</param>
    /// <param name="stream">The stream of this node and step.</param>
    public void Run(float* source, float* destination, long from, long to, float rate, ulong seed, ulong stream)
    {
        float* numbers = stackalloc float[ChunkLength];
        for (long start = from; start < to; start += ChunkLength)
        {
            int count = (int)Math.Min(ChunkLength, to - start);
            int blocks = (count + UniformNumbers.PerBlock - 1) / UniformNumbers.PerBlock;
            UniformNumbers.Fill(seed, stream, (ulong)(start / UniformNumbers.PerBlock), blocks, numbers);
            Select(source + start, numbers, destination + start, count, rate);
        }
    }

    protected abstract void Select(float* source, float* numbers, float* destination, int count, float rate);

    private readonly struct Factory : ISimdFactory<DropoutKernel>
    {
        public DropoutKernel Create<TSimd, TVector>()
            where TSimd : ISimd<TVector>
            where TVector : struct => new Vectorised<TSimd, TVector>();
    }

    private sealed class Vectorised<TSimd, TVector> : DropoutKernel
        where TSimd : ISimd<TVector>
        where TVector : struct
    {
        protected override void Select(float* source, float* numbers, float* destination, int count, float rate)
        {
            TVector zero = TSimd.Broadcast(0);
            TVector bound = TSimd.Broadcast(rate);
            TVector scale = TSimd.Broadcast(1 / (1 - rate));
            int index = 0;
            for (; index <= count - TSimd.Width; index += TSimd.Width)
            {
                TVector kept = TSimd.Multiply(TSimd.Load(source + index), scale);
                TSimd.Store(TSimd.SelectGreater(bound, TSimd.Load(numbers + index), zero, kept), destination + index);
            }

            int rest = count - index;
            if (rest > 0)
            {
                TVector kept = TSimd.Multiply(TSimd.LoadPartial(source + index, rest), scale);
                TVector result = TSimd.SelectGreater(bound, TSimd.LoadPartial(numbers + index, rest), zero, kept);
                TSimd.StorePartial(result, destination + index, rest);
            }
        }
    }
}
