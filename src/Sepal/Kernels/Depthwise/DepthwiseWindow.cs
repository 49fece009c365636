using System.Runtime.CompilerServices;
using Sepal.Kernels.Simd;

namespace Sepal.Kernels.Depthwise;

/// <summary>
/// Source rows of one vector of channels, copied with their padding. The vectors of neighbouring target columns' first taps
/// become neighbours at any stride: columns are ordered by their remainder by the stride. A few rows fit the nearest
/// cache however many channels the image has, and lines that lie a power of two apart no longer displace each other.
/// </summary>
internal sealed unsafe class DepthwiseWindow<TSimd, TVector>
    where TSimd : ISimd<TVector>
    where TVector : struct
{
    private readonly CorrelationAxis _rows;
    private readonly CorrelationAxis _columns;
    private readonly int _channels;
    private readonly Phase[] _phases;
    private readonly int[] _tapColumns;

    public DepthwiseWindow(in Correlation correlation)
    {
        _rows = correlation.Rows;
        _columns = correlation.Columns;
        _channels = correlation.SourceChannels;
        int stride = _columns.SourceStep;
        int width = ((_columns.TargetCount - 1) * stride) + _columns.Reach + 1;
        int[] starts = new int[stride];
        List<Phase> phases = [];
        for (int remainder = 0; remainder < stride; remainder++)
        {
            starts[remainder] = Columns;
            int count = (width - remainder + stride - 1) / stride;
            if (count <= 0 || !Enumerable.Range(0, _columns.Taps).Any(tap => tap * _columns.TapStep % stride == remainder))
            {
                continue;
            }

            int first = _columns.SourceStart + remainder;
            int left = Math.Clamp((-first + stride - 1) / stride, 0, count);
            int right = first >= _columns.SourceLength
                ? left
                : Math.Clamp((_columns.SourceLength - first + stride - 1) / stride, left, count);
            phases.Add(new Phase(first + (left * stride), left, right, count));
            Columns += count;
        }

        _phases = [.. phases];
        _tapColumns =
        [
            .. Enumerable.Range(0, _columns.Taps)
                .Select(tap => tap * _columns.TapStep)
                .Select(position => starts[position % stride] + (position / stride)),
        ];
    }

    /// <summary>Vectors of a row.</summary>
    public int Columns { get; }

    /// <summary>Floats from one row of the window to the next.</summary>
    public nint Pitch => (nint)Columns * TSimd.Width;

    /// <summary>Rows under the taps of so many target rows.</summary>
    public int Rows(int targetRows) => ((targetRows - 1) * _rows.SourceStep) + _rows.Reach + 1;

    /// <summary>Where a tap lies, from a target's first.</summary>
    public nint TapOffset(int row, int column) =>
        (row * _rows.TapStep * Pitch) + ((nint)_tapColumns[column] * TSimd.Width);

    /// <summary>Copies some of the window's rows.</summary>
    /// <param name="source">Row 0 of the source, from the vector's first channel on.</param>
    /// <param name="sourcePitch">Floats from one source row to the next.</param>
    /// <param name="targetRow">The target row whose first tap the window's first row lies under.</param>
    /// <param name="targetRows">How many target rows the window is for.</param>
    /// <param name="from">The first row of the window to copy.</param>
    /// <param name="to">One past the last.</param>
    /// <param name="window">The window's first row.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Copy(float* source, nint sourcePitch, int targetRow, int targetRows, int from, int to, float* window)
    {
        int top = _rows.SourceStart + (targetRow * _rows.SourceStep);
        nint step = (nint)_columns.SourceStep * _channels;
        bool isDense = _rows is { SourceStep: 1, TapStep: 1 };
        float* destination = window + (from * Pitch);
        for (int row = from; row < to; row++)
        {
            // A row that no tap reads need not exist.
            if (!isDense && !_rows.IsUnderTap(row, targetRows))
            {
                destination += Pitch;
                continue;
            }

            bool exists = (uint)(top + row) < (uint)_rows.SourceLength;
            float* sourceRow = source + ((top + row) * sourcePitch);
            foreach (Phase phase in _phases)
            {
                int left = exists ? phase.Left : phase.Count;
                int column = 0;
                for (; column < left; column++, destination += TSimd.Width)
                {
                    TSimd.Store(default, destination);
                }

                float* pixel = sourceRow + ((nint)phase.First * _channels);
                for (; column + 4 <= phase.Right; column += 4, destination += 4 * TSimd.Width, pixel += 4 * step)
                {
                    TVector x0 = TSimd.Load(pixel);
                    TVector x1 = TSimd.Load(pixel + step);
                    TVector x2 = TSimd.Load(pixel + (2 * step));
                    TVector x3 = TSimd.Load(pixel + (3 * step));
                    TSimd.Store(x0, destination);
                    TSimd.Store(x1, destination + TSimd.Width);
                    TSimd.Store(x2, destination + (2 * TSimd.Width));
                    TSimd.Store(x3, destination + (3 * TSimd.Width));
                }

                for (; column < phase.Right; column++, destination += TSimd.Width, pixel += step)
                {
                    TSimd.Store(TSimd.Load(pixel), destination);
                }

                for (; column < phase.Count; column++, destination += TSimd.Width)
                {
                    TSimd.Store(default, destination);
                }
            }
        }
    }

    /// <summary>The window's columns that have one remainder by the stride.</summary>
    /// <param name="First">The source column of the first of them that exists.</param>
    /// <param name="Left">How many lie left of the source.</param>
    /// <param name="Right">One past the last that exists.</param>
    /// <param name="Count">All of them.</param>
    private readonly record struct Phase(int First, int Left, int Right, int Count);
}
