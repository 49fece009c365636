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
                    Gather(source, top, bottom, column, destination);
                }
            }
        }

        private void Gather(float* source, int top, int bottom, int column, float* destination)
        {
            PoolingAxis columns = Geometry.Columns;
            int channels = Geometry.Channels;
            (int left, int right) = columns.Outputs(column);
            for (int channel = 0; channel < channels; channel += TSimd.Width)
            {
                int count = Math.Min(TSimd.Width, channels - channel);
                TVector sum = TSimd.Broadcast(0);
                for (int row = top; row < bottom; row++)
                {
                    float* line = source + (((long)row * columns.OutputLength) * channels) + channel;
                    for (int window = left; window < right; window++)
                    {
                        float* gradient = line + ((long)window * channels);
                        TVector value = count == TSimd.Width ? TSimd.Load(gradient) : TSimd.LoadPartial(gradient, count);
                        sum = TSimd.MultiplyAdd(value, TSimd.Broadcast(Share(row, window)), sum);
                    }
                }

                Store(sum, destination + channel, count);
            }
        }

        private float Share(int row, int column)
        {
            (int top, int bottom) = Geometry.Rows.Inputs(row);
            (int left, int right) = Geometry.Columns.Inputs(column);
            return 1f / ((bottom - top) * (right - left));
        }

        private static void Store(TVector value, float* destination, int count)
        {
            if (count == TSimd.Width)
            {
                TSimd.Store(value, destination);
            }
            else
            {
                TSimd.StorePartial(value, destination, count);
            }
        }
    }
}
