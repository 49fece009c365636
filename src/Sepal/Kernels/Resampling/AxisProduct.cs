using Sepal.Kernels.Simd;

namespace Sepal.Kernels.Resampling;

/// <summary>
/// Weighted sums along one axis: <c>[outer, source length, inner]</c> to <c>[outer, length, inner]</c>. The lanes are the inner
/// elements, and the terms of a sum are added in the order of the weights.
/// </summary>
internal abstract unsafe class AxisProduct(AxisWeights weights, long inner)
{
    protected AxisWeights Weights { get; } = weights;

    protected long Inner { get; } = inner;

    public static AxisProduct Create(AxisWeights weights, long inner) =>
        SimdLevel.Create<Factory, AxisProduct>(
            new Factory(weights, inner), SimdWidths.ForChannels((int)Math.Clamp(inner, 1, int.MaxValue)));

    /// <summary>Writes some positions of the destination, counted over all outer ones.</summary>
    public abstract void Run(float* source, float* destination, long from, long to);

    private readonly struct Factory(AxisWeights weights, long inner) : ISimdFactory<AxisProduct>
    {
        public AxisProduct Create<TSimd, TVector>()
            where TSimd : ISimd<TVector>
            where TVector : struct => new Vectorised<TSimd, TVector>(weights, inner);
    }

    private sealed class Vectorised<TSimd, TVector>(AxisWeights weights, long inner) : AxisProduct(weights, inner)
        where TSimd : ISimd<TVector>
        where TVector : struct
    {
        public override void Run(float* source, float* destination, long from, long to)
        {
            long plane = Weights.SourceLength * Inner;
            fixed (int* positions = Weights.Positions, starts = Weights.Starts)
            fixed (float* factors = Weights.Weights)
            {
                for (long row = from; row < to; row++)
                {
                    (long outer, long index) = Math.DivRem(row, Weights.Length);
                    int start = starts[index];
                    Sum(source + (outer * plane), positions + start, factors + start, starts[index + 1] - start, destination + (row * Inner));
                }
            }
        }

        private void Sum(float* source, int* positions, float* factors, int terms, float* destination)
        {
            long element = 0;
            for (; element <= Inner - TSimd.Width; element += TSimd.Width)
            {
                TVector sum = TSimd.Broadcast(0);
                for (int term = 0; term < terms; term++)
                {
                    TVector value = TSimd.Load(source + (positions[term] * Inner) + element);
                    sum = TSimd.MultiplyAdd(value, TSimd.Broadcast(factors[term]), sum);
                }

                TSimd.Store(sum, destination + element);
            }

            int rest = (int)(Inner - element);
            if (rest > 0)
            {
                TVector sum = TSimd.Broadcast(0);
                for (int term = 0; term < terms; term++)
                {
                    TVector value = TSimd.LoadPartial(source + (positions[term] * Inner) + element, rest);
                    sum = TSimd.MultiplyAdd(value, TSimd.Broadcast(factors[term]), sum);
                }

                TSimd.StorePartial(sum, destination + element, rest);
            }
        }
    }
}
