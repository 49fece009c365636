using System.Runtime.CompilerServices;
using Sepal.Kernels.Elementwise;
using Sepal.Kernels.Simd;

namespace Sepal.Kernels.Pooling;

/// <summary>
/// Maximum pooling for training: keeps, beside the maximum, which tap of the window it was, and sends the gradient back there.
/// Of equal elements it is the first in row order. Taps are kept as floats, in which whole numbers up to 2²⁴ are exact, so that
/// they are compared by the same vectors as the elements.
/// </summary>
internal abstract unsafe class MaximumPositions(PoolingGeometry geometry)
{
    /// <summary>Kept in place of a tap where no gradient goes back.</summary>
    protected const float NoTap = -1;

    protected PoolingGeometry Geometry { get; } = geometry;

    /// <summary>Makes a kernel.</summary>
    /// <param name="geometry">The pooling.</param>
    /// <param name="rectifies">
    /// Whether what is pooled is the input's ReLU: the maximum of that is the ReLU of the maximum, and a window without a
    /// positive element sends no gradient back.
    /// </param>
    public static MaximumPositions Create(PoolingGeometry geometry, bool rectifies = false) =>
        SimdLevel.Create<Factory, MaximumPositions>(new Factory(geometry, rectifies), SimdWidths.ForChannels(geometry.Channels));

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

    private readonly struct Factory(PoolingGeometry geometry, bool rectifies) : ISimdFactory<MaximumPositions>
    {
        public MaximumPositions Create<TSimd, TVector>()
            where TSimd : ISimd<TVector>
            where TVector : struct => new Vectorised<TSimd, TVector>(geometry, rectifies);
    }

    private sealed class Vectorised<TSimd, TVector> : MaximumPositions
        where TSimd : ISimd<TVector>
        where TVector : struct
    {
        private readonly bool _rectifies;
        private readonly PoolingWindows _rows;
        private readonly PoolingWindows _columns;

        public Vectorised(PoolingGeometry geometry, bool rectifies)
            : base(geometry)
        {
            _rectifies = rectifies;
            _rows = new PoolingWindows(geometry.Rows);
            _columns = new PoolingWindows(geometry.Columns);
        }

        public override void Forward(
            float* input, float* output, float* taps, long fromRow, long toRow, int fromChannel, int toChannel)
        {
            PoolingAxis rows = Geometry.Rows;
            PoolingAxis columns = Geometry.Columns;
            nint channels = Geometry.Channels;
            nint rowStep = rows.Dilation * columns.InputLength * channels;
            nint columnStep = columns.Dilation * channels;
            int whole = fromChannel + ((toChannel - fromChannel) / TSimd.Width * TSimd.Width);
            for (long row = fromRow; row < toRow; row++)
            {
                (long image, long outputRow) = Math.DivRem(row, rows.OutputLength);
                PoolingWindows.Inputs down = _rows.Of((int)outputRow);
                float* line = input + ((((nint)image * rows.InputLength) + down.From) * columns.InputLength * channels);
                for (int column = 0; column < columns.OutputLength; column++)
                {
                    PoolingWindows.Inputs across = _columns.Of(column);
                    nint pixel = (((nint)row * columns.OutputLength) + column) * channels;
                    float* corner = line + (across.From * channels);
                    float firstTap = (down.FirstTap * columns.Window) + across.FirstTap;
                    int channel = fromChannel;
                    if (down.Count == 2 && across.Count == 2)
                    {
                        for (; channel < whole; channel += TSimd.Width)
                        {
                            TVector best = OfFour(corner + channel, rowStep, columnStep, firstTap, columns.Window, out TVector tap);
                            Finish(ref best, ref tap);
                            TSimd.Store(best, output + pixel + channel);
                            TSimd.Store(tap, taps + pixel + channel);
                        }
                    }

                    for (; channel < toChannel; channel += TSimd.Width)
                    {
                        int count = Math.Min(TSimd.Width, toChannel - channel);
                        TVector best = OfWindow(corner + channel, down.Count, across.Count, count, firstTap, out TVector tap);
                        Finish(ref best, ref tap);
                        TSimd.StorePartial(best, output + pixel + channel, count);
                        TSimd.StorePartial(tap, taps + pixel + channel, count);
                    }
                }
            }
        }

        public override void Gradient(float* outputGradient, float* taps, float* inputGradient, long fromRow, long toRow)
        {
            PoolingAxis rows = Geometry.Rows;
            PoolingAxis columns = Geometry.Columns;
            int channels = Geometry.Channels;
            float* destination = inputGradient + ((nint)fromRow * columns.InputLength * channels);
            for (long row = fromRow; row < toRow; row++)
            {
                (long image, long inputRow) = Math.DivRem(row, rows.InputLength);
                ReadOnlySpan<PoolingWindows.Reach> down = _rows.Reaching((int)inputRow);
                for (int column = 0; column < columns.InputLength; column++, destination += channels)
                {
                    bool isFirst = true;
                    foreach (PoolingWindows.Reach vertical in down)
                    {
                        nint line = (((nint)image * rows.OutputLength) + vertical.Output) * columns.OutputLength;
                        foreach (PoolingWindows.Reach horizontal in _columns.Reaching(column))
                        {
                            nint pixel = (line + horizontal.Output) * channels;
                            int tap = (vertical.Tap * columns.Window) + horizontal.Tap;
                            Take(outputGradient + pixel, taps + pixel, tap, destination, isFirst);
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

        /// <summary>The maximum of two rows of two, and which it is.</summary>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private static TVector OfFour(
            float* corner, nint rowStep, nint columnStep, float firstTap, float rowTaps, out TVector tap)
        {
            TVector best = TSimd.Load(corner);
            TVector value = TSimd.Load(corner + columnStep);
            tap = TSimd.SelectGreater(value, best, TSimd.Broadcast(firstTap + 1), TSimd.Broadcast(firstTap));
            best = TSimd.Max(best, value);
            value = TSimd.Load(corner + rowStep);
            tap = TSimd.SelectGreater(value, best, TSimd.Broadcast(firstTap + rowTaps), tap);
            best = TSimd.Max(best, value);
            value = TSimd.Load(corner + rowStep + columnStep);
            tap = TSimd.SelectGreater(value, best, TSimd.Broadcast(firstTap + rowTaps + 1), tap);
            return TSimd.Max(best, value);
        }

        private TVector OfWindow(float* corner, int height, int width, int count, float firstTap, out TVector bestTap)
        {
            PoolingAxis columns = Geometry.Columns;
            nint rowStep = (nint)Geometry.Rows.Dilation * columns.InputLength * Geometry.Channels;
            nint columnStep = (nint)columns.Dilation * Geometry.Channels;
            TVector best = TSimd.Broadcast(float.NegativeInfinity);
            bestTap = TSimd.Broadcast(firstTap);
            for (int row = 0; row < height; row++, corner += rowStep, firstTap += columns.Window)
            {
                float* pixel = corner;
                for (int column = 0; column < width; column++, pixel += columnStep)
                {
                    TVector value = TSimd.LoadPartial(pixel, count);
                    bestTap = TSimd.SelectGreater(value, best, TSimd.Broadcast(firstTap + column), bestTap);
                    best = TSimd.Max(best, value);
                }
            }

            return best;
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private void Finish(ref TVector best, ref TVector tap)
        {
            if (_rectifies)
            {
                best = default(Relu).Apply<TSimd, TVector>(best);
                tap = TSimd.SelectGreater(best, TSimd.Broadcast(0), tap, TSimd.Broadcast(NoTap));
            }
        }

        /// <summary>One window's gradient where its maximum was this tap: written by the first window, added by the others.</summary>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
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
    }
}
