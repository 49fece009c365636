using Sepal.Kernels.Simd;

namespace Sepal.Kernels.Pooling;

/// <summary>Pools windows, channel by channel.</summary>
internal abstract unsafe class PoolingKernel(PoolingGeometry geometry)
{
    protected PoolingGeometry Geometry { get; } = geometry;

    public static PoolingKernel Maximum(PoolingGeometry geometry) => Create<MaximumFunction>(geometry);

    public static PoolingKernel Average(PoolingGeometry geometry) => Create<AverageFunction>(geometry);

    /// <summary>Writes some channels of some rows of the output; rows are counted over all images.</summary>
    public abstract void Run(float* input, float* output, long fromRow, long toRow, int fromChannel, int toChannel);

    private static PoolingKernel Create<TFunction>(PoolingGeometry geometry)
        where TFunction : struct, IPoolingFunction =>
        SimdLevel.Create<Factory<TFunction>, PoolingKernel>(
            new Factory<TFunction>(geometry), SimdWidths.ForChannels(geometry.Channels));

    private readonly struct Factory<TFunction>(PoolingGeometry geometry) : ISimdFactory<PoolingKernel>
        where TFunction : struct, IPoolingFunction
    {
        public PoolingKernel Create<TSimd, TVector>()
            where TSimd : ISimd<TVector>
            where TVector : struct => new Vectorised<TSimd, TVector, TFunction>(geometry);
    }

    private sealed class Vectorised<TSimd, TVector, TFunction>(PoolingGeometry geometry) : PoolingKernel(geometry)
        where TSimd : ISimd<TVector>
        where TVector : struct
        where TFunction : struct, IPoolingFunction
    {
        public override void Run(float* input, float* output, long fromRow, long toRow, int fromChannel, int toChannel)
        {
            PoolingAxis rows = Geometry.Rows;
            PoolingAxis columns = Geometry.Columns;
            int channels = Geometry.Channels;
            long pitch = (long)columns.InputLength * channels;
            long rowStep = pitch * rows.Dilation;
            for (long row = fromRow; row < toRow; row++)
            {
                (long image, long outputRow) = Math.DivRem(row, rows.OutputLength);
                (int top, int height) = rows.Inputs((int)outputRow);
                int rowCount = rows.Count((int)outputRow);
                float* line = input + (((image * rows.InputLength) + top) * pitch);
                float* destination = output + (row * columns.OutputLength * channels);
                for (int column = 0; column < columns.OutputLength; column++, destination += channels)
                {
                    (int left, int width) = columns.Inputs(column);
                    int count = Math.Max(rowCount * columns.Count(column), 1);
                    Pool(
                        line + ((long)left * channels), rowStep, height, width, count, destination, fromChannel, toChannel);
                }
            }
        }

        /// <summary>One window: four vectors of channels at a time, so that their loads overlap, then one at a time.</summary>
        private void Pool(
            float* window, long pitch, int rows, int columns, int count, float* destination, int channel, int toChannel)
        {
            long channels = (long)Geometry.Channels * Geometry.Columns.Dilation;
            for (; channel <= toChannel - (4 * TSimd.Width); channel += 4 * TSimd.Width)
            {
                TVector first = TSimd.Broadcast(TFunction.Start);
                TVector second = first;
                TVector third = first;
                TVector fourth = first;
                float* line = window + channel;
                for (int row = 0; row < rows; row++, line += pitch)
                {
                    float* pixel = line;
                    for (int column = 0; column < columns; column++, pixel += channels)
                    {
                        first = TFunction.Fold<TSimd, TVector>(first, TSimd.Load(pixel));
                        second = TFunction.Fold<TSimd, TVector>(second, TSimd.Load(pixel + TSimd.Width));
                        third = TFunction.Fold<TSimd, TVector>(third, TSimd.Load(pixel + (2 * TSimd.Width)));
                        fourth = TFunction.Fold<TSimd, TVector>(fourth, TSimd.Load(pixel + (3 * TSimd.Width)));
                    }
                }

                float* target = destination + channel;
                TSimd.Store(TFunction.Finish<TSimd, TVector>(first, count), target);
                TSimd.Store(TFunction.Finish<TSimd, TVector>(second, count), target + TSimd.Width);
                TSimd.Store(TFunction.Finish<TSimd, TVector>(third, count), target + (2 * TSimd.Width));
                TSimd.Store(TFunction.Finish<TSimd, TVector>(fourth, count), target + (3 * TSimd.Width));
            }

            for (; channel <= toChannel - TSimd.Width; channel += TSimd.Width)
            {
                TVector folded = TSimd.Broadcast(TFunction.Start);
                float* line = window + channel;
                for (int row = 0; row < rows; row++, line += pitch)
                {
                    float* pixel = line;
                    for (int column = 0; column < columns; column++, pixel += channels)
                    {
                        folded = TFunction.Fold<TSimd, TVector>(folded, TSimd.Load(pixel));
                    }
                }

                TSimd.Store(TFunction.Finish<TSimd, TVector>(folded, count), destination + channel);
            }

            int rest = toChannel - channel;
            if (rest > 0)
            {
                TVector folded = TSimd.Broadcast(TFunction.Start);
                float* line = window + channel;
                for (int row = 0; row < rows; row++, line += pitch)
                {
                    float* pixel = line;
                    for (int column = 0; column < columns; column++, pixel += channels)
                    {
                        folded = TFunction.Fold<TSimd, TVector>(folded, TSimd.LoadPartial(pixel, rest));
                    }
                }

                TSimd.StorePartial(TFunction.Finish<TSimd, TVector>(folded, count), destination + channel, rest);
            }
        }
    }
}
