using Sepal.Kernels.Simd;

namespace Sepal.Kernels.Normalization;

/// <summary>
/// Mean and variance of every channel over rows, in shards: each shard gives its own mean and its sum of squared differences
/// from that mean (both corrected for rounding), and the shards are put together as Chan, Golub and LeVeque (1979) have it.
/// Nothing cancels where a channel's mean is large against its deviation, and memory is read once: a shard fits the cache.
/// </summary>
internal abstract unsafe class BatchStatisticsKernel(int channels)
{
    protected int Channels { get; } = channels;

    /// <summary>Floats that one shard writes: means, then sums of squares.</summary>
    public int PartialLength => 2 * Channels;

    public static BatchStatisticsKernel Create(int channels) =>
        SimdLevel.Create<Factory, BatchStatisticsKernel>(new Factory(channels), SimdWidths.ForChannels(channels));

    /// <summary>One shard's means and sums of squared differences.</summary>
    public abstract void Measure(float* rows, long rowCount, float* partial);

    /// <summary>Puts the shards of some channels together.</summary>
    /// <param name="partials">What <see cref="Measure"/> wrote, shard by shard.</param>
    /// <param name="starts">The first row of every shard, and after the last the number of all rows.</param>
    /// <param name="mean">The means, channel 0 first.</param>
    /// <param name="variance">The biased variances, channel 0 first.</param>
    /// <param name="from">The first channel.</param>
    /// <param name="to">Just after the last one.</param>
    public abstract void Combine(
        float* partials, ReadOnlySpan<long> starts, float* mean, float* variance, int from, int to);

    private readonly struct Factory(int channels) : ISimdFactory<BatchStatisticsKernel>
    {
        public BatchStatisticsKernel Create<TSimd, TVector>()
            where TSimd : ISimd<TVector>
            where TVector : struct => new Vectorised<TSimd, TVector>(channels);
    }

    private sealed class Vectorised<TSimd, TVector>(int channels) : BatchStatisticsKernel(channels)
        where TSimd : ISimd<TVector>
        where TVector : struct
    {
        public override void Measure(float* rows, long rowCount, float* partial)
        {
            TVector share = TSimd.Broadcast(1f / rowCount);
            for (int channel = 0; channel < Channels; channel += TSimd.Width)
            {
                int count = Math.Min(TSimd.Width, Channels - channel);
                float* column = rows + channel;
                TVector estimate = TSimd.Multiply(Sum(column, rowCount, count), share);
                TVector squares = SumOfSquares(column, rowCount, count, estimate, out TVector excess);

                // The sum was rounded, so the estimate is a little off; the differences from it tell by how much.
                TVector correction = TSimd.Multiply(excess, share);
                TSimd.StorePartial(TSimd.Add(estimate, correction), partial + channel, count);
                TSimd.StorePartial(
                    TSimd.Subtract(squares, TSimd.Multiply(excess, correction)), partial + Channels + channel, count);
            }
        }

        public override void Combine(
            float* partials, ReadOnlySpan<long> starts, float* mean, float* variance, int from, int to)
        {
            int shards = starts.Length - 1;
            TVector share = TSimd.Broadcast(1f / starts[^1]);
            for (int channel = from; channel < to; channel += TSimd.Width)
            {
                int count = Math.Min(TSimd.Width, to - channel);
                TVector first = TSimd.LoadPartial(partials + channel, count);
                TVector sum = TSimd.Broadcast(0);
                for (int shard = 1; shard < shards; shard++)
                {
                    TVector weight = TSimd.Broadcast(starts[shard + 1] - starts[shard]);
                    TVector difference = TSimd.Subtract(TSimd.LoadPartial(Partial(partials, shard) + channel, count), first);
                    sum = TSimd.MultiplyAdd(difference, weight, sum);
                }

                TVector whole = TSimd.MultiplyAdd(sum, share, first);
                TVector squares = TSimd.Broadcast(0);
                for (int shard = 0; shard < shards; shard++)
                {
                    TVector weight = TSimd.Broadcast(starts[shard + 1] - starts[shard]);
                    float* partial = Partial(partials, shard) + channel;
                    TVector difference = TSimd.Subtract(TSimd.LoadPartial(partial, count), whole);
                    squares = TSimd.Add(squares, TSimd.LoadPartial(partial + Channels, count));
                    squares = TSimd.MultiplyAdd(TSimd.Multiply(difference, difference), weight, squares);
                }

                TSimd.StorePartial(whole, mean + channel, count);
                TSimd.StorePartial(TSimd.Multiply(squares, share), variance + channel, count);
            }
        }

        private float* Partial(float* partials, int shard) => partials + ((long)shard * PartialLength);

        /// <summary>Four sums side by side, since one would wait for itself; added up in a fixed order.</summary>
        private TVector Sum(float* column, long rowCount, int count)
        {
            TVector first = TSimd.Broadcast(0);
            TVector second = first;
            TVector third = first;
            TVector fourth = first;
            long pitch = Channels;
            long row = 0;
            for (; row <= rowCount - 4; row += 4, column += 4 * pitch)
            {
                first = TSimd.Add(first, TSimd.LoadPartial(column, count));
                second = TSimd.Add(second, TSimd.LoadPartial(column + pitch, count));
                third = TSimd.Add(third, TSimd.LoadPartial(column + (2 * pitch), count));
                fourth = TSimd.Add(fourth, TSimd.LoadPartial(column + (3 * pitch), count));
            }

            for (; row < rowCount; row++, column += pitch)
            {
                first = TSimd.Add(first, TSimd.LoadPartial(column, count));
            }

            return TSimd.Add(TSimd.Add(first, second), TSimd.Add(third, fourth));
        }

        /// <summary>Σ(x − mean)², and Σ(x − mean) by the way.</summary>
        private TVector SumOfSquares(float* column, long rowCount, int count, TVector mean, out TVector excess)
        {
            TVector squares = TSimd.Broadcast(0);
            TVector otherSquares = squares;
            TVector sum = squares;
            TVector otherSum = squares;
            long pitch = Channels;
            long row = 0;
            for (; row <= rowCount - 2; row += 2, column += 2 * pitch)
            {
                TVector difference = TSimd.Subtract(TSimd.LoadPartial(column, count), mean);
                TVector otherDifference = TSimd.Subtract(TSimd.LoadPartial(column + pitch, count), mean);
                sum = TSimd.Add(sum, difference);
                otherSum = TSimd.Add(otherSum, otherDifference);
                squares = TSimd.MultiplyAdd(difference, difference, squares);
                otherSquares = TSimd.MultiplyAdd(otherDifference, otherDifference, otherSquares);
            }

            if (row < rowCount)
            {
                TVector difference = TSimd.Subtract(TSimd.LoadPartial(column, count), mean);
                sum = TSimd.Add(sum, difference);
                squares = TSimd.MultiplyAdd(difference, difference, squares);
            }

            excess = TSimd.Add(sum, otherSum);
            return TSimd.Add(squares, otherSquares);
        }
    }
}
