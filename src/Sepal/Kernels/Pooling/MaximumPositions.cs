using Sepal.Kernels.Simd;

namespace Sepal.Kernels.Pooling;

/// <summary>
/// Maximum pooling for training: keeps, beside the maximum, which tap of the window it was, and sends the gradient back there.
/// Of equal elements it is the first in row order. Taps are kept as floats, in which whole numbers up to 2²⁴ are exact, so that
/// they are compared by the same vectors as the elements.
/// </summary>
internal abstract unsafe class MaximumPositions(PoolingGeometry geometry)
{
    protected PoolingGeometry Geometry { get; } = geometry;

    public static MaximumPositions Create(PoolingGeometry geometry) =>
        SimdLevel.Create<Factory, MaximumPositions>(new Factory(geometry), SimdWidths.ForChannels(geometry.Channels));

    /// <summary>Writes some channels of some rows of the output and of the taps; rows are counted over all images.</summary>
    public abstract void Forward(
        float* input, float* output, float* taps, long fromRow, long toRow, int fromChannel, int toChannel);

    /// <summary>
    /// Writes where the maxima of some output elements lie, from their taps: how many elements are before them in a tensor of batch,
    /// channels, height and width, or width and height.
    /// </summary>
    public void Indices(float* taps, long* indices, bool isColumnMajor, long from, long to)
    {
        PoolingAxis rows = Geometry.Rows;
        PoolingAxis columns = Geometry.Columns;
        long plane = (long)rows.InputLength * columns.InputLength;
        for (long element = from; element < to; element++)
        {
            (long pixel, long channel) = Math.DivRem(element, Geometry.Channels);
            (long line, long outputColumn) = Math.DivRem(pixel, columns.OutputLength);
            (long image, long outputRow) = Math.DivRem(line, rows.OutputLength);
            (int rowTap, int columnTap) = Math.DivRem((int)taps[element], columns.Window);
            long row = rows.Start((int)outputRow) + ((long)rowTap * rows.Dilation);
            long column = columns.Start((int)outputColumn) + ((long)columnTap * columns.Dilation);
            indices[element] = (((image * Geometry.Channels) + channel) * plane)
                + (isColumnMajor ? (column * rows.InputLength) + row : (row * columns.InputLength) + column);
        }
    }

    /// <summary>Writes some rows of the gradient by the input, counted over all images: every input asks the windows that hold it.</summary>
    public abstract void Gradient(float* outputGradient, float* taps, float* inputGradient, long fromRow, long toRow);

    private readonly struct Factory(PoolingGeometry geometry) : ISimdFactory<MaximumPositions>
    {
        public MaximumPositions Create<TSimd, TVector>()
            where TSimd : ISimd<TVector>
            where TVector : struct => new Vectorised<TSimd, TVector>(geometry);
    }

    private sealed class Vectorised<TSimd, TVector>(PoolingGeometry geometry) : MaximumPositions(geometry)
        where TSimd : ISimd<TVector>
        where TVector : struct
    {
        public override void Forward(
            float* input, float* output, float* taps, long fromRow, long toRow, int fromChannel, int toChannel)
        {
            PoolingAxis rows = Geometry.Rows;
            PoolingAxis columns = Geometry.Columns;
            int channels = Geometry.Channels;
            for (long row = fromRow; row < toRow; row++)
            {
                (long image, long outputRow) = Math.DivRem(row, rows.OutputLength);
                float* source = input + (image * rows.InputLength * columns.InputLength * channels);
                for (int column = 0; column < columns.OutputLength; column++)
                {
                    long pixel = ((row * columns.OutputLength) + column) * channels;
                    for (int channel = fromChannel; channel < toChannel; channel += TSimd.Width)
                    {
                        int count = Math.Min(TSimd.Width, toChannel - channel);
                        Find(
                            source + channel, (int)outputRow, column, count, output + pixel + channel, taps + pixel + channel);
                    }
                }
            }
        }

        public override void Gradient(float* outputGradient, float* taps, float* inputGradient, long fromRow, long toRow)
        {
            PoolingAxis rows = Geometry.Rows;
            PoolingAxis columns = Geometry.Columns;
            int channels = Geometry.Channels;
            float* destination = inputGradient + (fromRow * columns.InputLength * channels);
            for (long row = fromRow; row < toRow; row++)
            {
                (long image, long inputRow) = Math.DivRem(row, rows.InputLength);
                (int top, int bottom) = rows.Outputs((int)inputRow);
                long plane = image * rows.OutputLength * columns.OutputLength * channels;
                for (int column = 0; column < columns.InputLength; column++, destination += channels)
                {
                    (int left, int right) = columns.Outputs(column);
                    bool isFirst = true;
                    for (int outputRow = top; outputRow < bottom; outputRow++)
                    {
                        int rowTap = rows.Tap((int)inputRow, outputRow);
                        for (int outputColumn = left; outputColumn < right && rowTap >= 0; outputColumn++)
                        {
                            int columnTap = columns.Tap(column, outputColumn);
                            if (columnTap < 0)
                            {
                                continue;
                            }

                            long pixel = plane + (((outputRow * (long)columns.OutputLength) + outputColumn) * channels);
                            Take(outputGradient + pixel, taps + pixel, (rowTap * columns.Window) + columnTap, destination, isFirst);
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

        private void Find(float* source, int outputRow, int outputColumn, int count, float* output, float* taps)
        {
            PoolingAxis rows = Geometry.Rows;
            PoolingAxis columns = Geometry.Columns;
            (int top, int height) = rows.Inputs(outputRow);
            (int left, int width) = columns.Inputs(outputColumn);
            int firstTap = (Math.Max(rows.Tap(top, outputRow), 0) * columns.Window) + Math.Max(columns.Tap(left, outputColumn), 0);
            long step = (long)columns.Dilation * Geometry.Channels;
            TVector best = TSimd.Broadcast(float.NegativeInfinity);
            TVector bestTap = TSimd.Broadcast(firstTap);
            for (int row = 0; row < height; row++, firstTap += columns.Window)
            {
                float* pixel = source + (((((long)row * rows.Dilation) + top) * columns.InputLength) + left) * Geometry.Channels;
                for (int tap = firstTap; tap < firstTap + width; tap++, pixel += step)
                {
                    TVector value = Load(pixel, count);
                    bestTap = TSimd.SelectGreater(value, best, TSimd.Broadcast(tap), bestTap);
                    best = TSimd.Max(best, value);
                }
            }

            Store(best, output, count);
            Store(bestTap, taps, count);
        }

        /// <summary>One window's gradient where its maximum was this tap: written by the first window, added by the others.</summary>
        private void Take(float* outputGradient, float* taps, int tap, float* destination, bool isFirst)
        {
            int channels = Geometry.Channels;
            TVector zero = TSimd.Broadcast(0);
            TVector wanted = TSimd.Broadcast(tap);
            int channel = 0;
            for (; channel <= channels - TSimd.Width; channel += TSimd.Width)
            {
                TVector share = TSimd.SelectEqual(
                    TSimd.Load(taps + channel), wanted, TSimd.Load(outputGradient + channel), zero);
                TSimd.Store(isFirst ? share : TSimd.Add(TSimd.Load(destination + channel), share), destination + channel);
            }

            int rest = channels - channel;
            if (rest > 0)
            {
                TVector share = TSimd.SelectEqual(
                    TSimd.LoadPartial(taps + channel, rest), wanted, TSimd.LoadPartial(outputGradient + channel, rest), zero);
                TSimd.StorePartial(
                    isFirst ? share : TSimd.Add(TSimd.LoadPartial(destination + channel, rest), share), destination + channel, rest);
            }
        }

        private static TVector Load(float* source, int count) =>
            count == TSimd.Width ? TSimd.Load(source) : TSimd.LoadPartial(source, count);

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
