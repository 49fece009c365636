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
    private readonly int _stride;
    private readonly int _channels;
    private readonly float[] _indices = new float[TSimd.Width];
    private readonly Move[] _moves;
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

        // Picking fewer pixels from two vectors is faster than picking more from four.
        int pixels = Enumerable.Range(0, TSimd.Width).Count(lane => Index(lane) < 2 * TSimd.Width) / channels;
        for (int lane = 0; lane < TSimd.Width; lane++)
        {
            _indices[lane] = BitConverter.Int32BitsToSingle(Index(Math.Min(lane, (pixels * channels) - 1)));
        }

        // What a vector writes past its end is overwritten by the next.
        List<Move> moves = [];
        int start = 0;
        for (int remainder = 0; remainder < _stride; remainder++)
        {
            int count = (columns - remainder + _stride - 1) / _stride;
            if (Enumerable.Range(0, axis.Taps).Any(tap => tap * taps.TapStep % taps.SourceStep == remainder))
            {
                _starts[remainder] = start;
                for (int column = 0; column < count; column += pixels)
                {
                    moves.Add(new Move((remainder + (column * _stride)) * channels, start + (column * channels)));
                }

                start += count * channels;
            }
        }

        _moves = [.. moves];
    }

    /// <summary>Where a column lies from the first in a sorted row.</summary>
    public nint Offset(int column) =>
        _starts[column % _stride] + ((nint)(column / _stride) * _channels);

    /// <summary>Sorts rows. Two vectors may be read, and one written, past their ends.</summary>
    /// <param name="unsorted">The first row.</param>
    /// <param name="sorted">Where it goes.</param>
    /// <param name="pitch">Floats from one row to the next, of both.</param>
    /// <param name="areRead">For each row, whether it is needed.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Run(float* unsorted, float* sorted, nint pitch, ReadOnlySpan<bool> areRead)
    {
        Move[] moves = _moves;
        fixed (float* all = _indices)
        {
            TVector indices = TSimd.Load(all);
            for (int row = 0; row < areRead.Length; row++, unsorted += pitch, sorted += pitch)
            {
                if (!areRead[row])
                {
                    continue;
                }

                foreach (Move move in moves)
                {
                    float* source = unsorted + move.From;
                    TSimd.Store(TSimd.Permute(TSimd.Load(source), TSimd.Load(source + TSimd.Width), indices), sorted + move.To);
                }
            }
        }
    }

    /// <summary>From where in an unsorted row a lane comes, from the one where the first does.</summary>
    private int Index(int lane) => (lane / _channels * _stride * _channels) + (lane % _channels);

    /// <summary>A vector that is sorted at once.</summary>
    /// <param name="From">The first of its floats in an unsorted row.</param>
    /// <param name="To">Where it goes.</param>
    private readonly record struct Move(int From, int To);
}
