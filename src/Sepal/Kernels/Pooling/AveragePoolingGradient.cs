using Sepal.Kernels.Simd;

namespace Sepal.Kernels.Pooling;

/// <summary>
/// The gradient of average pooling. Every input gathers its share from the windows that hold it, so each is written once, by
/// one part, in a fixed order.
/// </summary>
internal abstract unsafe class AveragePoolingGradient(PoolingGeometry geometry)
{
    protected PoolingGeometry Geometry { get; } = geometry;

    public static AveragePoolingGradient Create(PoolingGeometry geometry) =>
        SimdLevel.Create<Factory, AveragePoolingGradient>(new Factory(geometry), SimdWidths.ForChannels(geometry.Channels));

    /// <summary>Writes some rows of the gradient by the input, counted over all images.</summary>
    public abstract void Run(float* outputGradient, float* inputGradient, long fromRow, long toRow);

    private readonly struct Factory(PoolingGeometry geometry) : ISimdFactory<AveragePoolingGradient>
    {
        public AveragePoolingGradient Create<TSimd, TVector>()
            where TSimd : ISimd<TVector>
            where TVector : struct => new Vectorised<TSimd, TVector>(geometry);
    }

    private sealed class Vectorised<TSimd, TVector>(PoolingGeometry geometry) : AveragePoolingGradient(geometry)
        where TSimd : ISimd<TVector>
        where TVector : struct
    {
        public override void Run(float* outputGradient, float* inputGradient, long fromRow, long toRow)
        {
            PoolingAxis rows = Geometry.Rows;
            PoolingAxis columns = Geometry.Columns;
            int channels = Geometry.Channels;
            float* destination = inputGradient + (fromRow * columns.InputLength * channels);
            for (long row = fromRow; row < toRow; row++)
            {
                (long image, long inputRow) = Math.DivRem(row, rows.InputLength);
                (int top, int bottom) = rows.Outputs((int)inputRow);
                float* source = outputGradient + (image * rows.OutputLength * columns.OutputLength * channels);
                for (int column = 0; column < columns.InputLength; column++, destination += channels)
                {
                    (int left, int right) = columns.Outputs(column);
                    bool isFirst = true;
                    for (int outputRow = top; outputRow < bottom; outputRow++)
                    {
                        if (rows.Tap((int)inputRow, outputRow) < 0)
                        {
                            continue;
                        }

                        for (int outputColumn = left; outputColumn < right; outputColumn++)
                        {
                            if (columns.Tap(column, outputColumn) < 0)
                            {
                                continue;
                            }

                            long pixel = ((outputRow * (long)columns.OutputLength) + outputColumn) * channels;
                            Take(source + pixel, Share(outputRow, outputColumn), destination, isFirst);
                            isFirst = false;
                        }
                    }

                    if (isFirst)
                    {
                        new Span<float>(destination, channels).Clear();
                    }
                }
            }
        }

        /// <summary>An input's share of one window's gradient: written by the first window, added by the others.</summary>
        private void Take(float* gradient, float share, float* destination, bool isFirst)
        {
            int channels = Geometry.Channels;
            TVector factor = TSimd.Broadcast(share);
            int channel = 0;
            for (; channel <= channels - TSimd.Width; channel += TSimd.Width)
            {
                TVector sum = isFirst ? TSimd.Broadcast(0) : TSimd.Load(destination + channel);
                TSimd.Store(TSimd.MultiplyAdd(TSimd.Load(gradient + channel), factor, sum), destination + channel);
            }

            int rest = channels - channel;
            if (rest > 0)
            {
                TVector sum = isFirst ? TSimd.Broadcast(0) : TSimd.LoadPartial(destination + channel, rest);
                TVector value = TSimd.LoadPartial(gradient + channel, rest);
                TSimd.StorePartial(TSimd.MultiplyAdd(value, factor, sum), destination + channel, rest);
            }
        }

        private float Share(int row, int column) => 1f / (Geometry.Rows.Count(row) * Geometry.Columns.Count(column));
    }
}
