using System.Runtime.CompilerServices;
using Sepal.Kernels.Simd;

namespace Sepal.Kernels.Depthwise;

/// <summary>
/// Sorts the columns of rows of pixels by their remainder by a stride, so that what neighbouring targets read under one tap
/// becomes neighbours. For pixels of few channels.
/// </summary>
internal sealed unsafe class LaneSorting<TSimd, TVector>
    where TSimd : ISimd<TVector>
    where TVector : struct
{
    /// <summary>Vectors that one sorted vector is picked from at most; so many may be read past the end.</summary>
    public const int MostVectors = 4;

    private readonly int _stride;
    private readonly int _channels;
    private readonly int _pixels;
    private readonly bool _isWithinTwo;
    private readonly float[] _indices = new float[2 * TSimd.Width];
    private readonly Phase[] _phases;
    private readonly int[] _starts;

    /// <param name="axis">The columns.</param>
    /// <param name="columns">Columns of a row, with padding.</param>
    /// <param name="channels">Of each pixel.</param>
    public LaneSorting(in CorrelationAxis axis, int columns, int channels)
    {
        CorrelationAxis taps = axis;
        _stride = axis.SourceStep;
        _channels = channels;
        _starts = new int[_stride];
        List<Phase> phases = [];
        int start = 0;
        for (int remainder = 0; remainder < _stride; remainder++)
        {
            int count = (columns - remainder + _stride - 1) / _stride;
            if (Enumerable.Range(0, axis.Taps).Any(tap => tap * taps.TapStep % taps.SourceStep == remainder))
            {
                _starts[remainder] = start;
                phases.Add(new Phase(remainder * channels, start, count));
                start += count * channels;
            }
        }

        _phases = [.. phases];
        int lanes = Enumerable.Range(0, TSimd.Width).Count(lane => Index(lane) < MostVectors * TSimd.Width);
        _pixels = lanes / channels;
        lanes = _pixels * channels;
        _isWithinTwo = Index(lanes - 1) < 2 * TSimd.Width;
        for (int lane = 0; lane < TSimd.Width; lane++)
        {
            int index = Index(Math.Min(lane, lanes - 1));
            _indices[lane] = BitConverter.Int32BitsToSingle(index);
            _indices[TSimd.Width + lane] = BitConverter.Int32BitsToSingle(index - (2 * TSimd.Width));
        }
    }

    /// <summary>Where a column lies from the first in a sorted row.</summary>
    public nint Offset(int column) =>
        _starts[column % _stride] + ((nint)(column / _stride) * _channels);

    /// <summary>Sorts rows. A vector may be read and written past their ends.</summary>
    /// <param name="unsorted">The first row.</param>
    /// <param name="sorted">Where it goes.</param>
    /// <param name="pitch">Floats from one row to the next, of both.</param>
    /// <param name="areRead">For each row, whether it is needed.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Run(float* unsorted, float* sorted, nint pitch, ReadOnlySpan<bool> areRead)
    {
        nint step = (nint)_pixels * _stride * _channels;
        nint sortedStep = (nint)_pixels * _channels;
        int pixels = _pixels;
        bool isWithinTwo = _isWithinTwo;
        fixed (float* all = _indices)
        {
            TVector indices = TSimd.Load(all);
            TVector upperIndices = TSimd.Load(all + TSimd.Width);
            TVector lastOfTwo = TSimd.Broadcast(BitConverter.Int32BitsToSingle((2 * TSimd.Width) - 1));
            for (int row = 0; row < areRead.Length; row++, unsorted += pitch, sorted += pitch)
            {
                    if (!areRead[row])
                    {
                        continue;
                    }

                foreach (Phase phase in _phases)
                {
                    // What a vector writes past its end is overwritten by the next.
                    float* source = unsorted + phase.First;
                    float* destination = sorted + phase.Start;
                    for (int column = 0; column < phase.Count; column += pixels)
                    {
                        TVector value = TSimd.Permute(TSimd.Load(source), TSimd.Load(source + TSimd.Width), indices);
                        if (!isWithinTwo)
                        {
                            // As floats, small whole numbers are in the same order.
                            TVector upper = TSimd.Permute(
                                TSimd.Load(source + (2 * TSimd.Width)), TSimd.Load(source + (3 * TSimd.Width)), upperIndices);
                            value = TSimd.SelectGreater(indices, lastOfTwo, upper, value);
                        }

                        TSimd.Store(value, destination);
                        source += step;
                        destination += sortedStep;
                    }
                }
            }
        }
    }

    /// <summary>From where in an unsorted row a lane comes, from the one where the first does.</summary>
    private int Index(int lane) => (lane / _channels * _stride * _channels) + (lane % _channels);

    /// <summary>The columns of one remainder.</summary>
    /// <param name="First">The first of their floats in an unsorted row.</param>
    /// <param name="Start">Where it goes.</param>
    /// <param name="Count">Columns.</param>
    private readonly record struct Phase(int First, int Start, int Count);
}
