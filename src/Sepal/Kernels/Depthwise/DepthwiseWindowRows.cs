using Sepal.Kernels.Simd;

namespace Sepal.Kernels.Depthwise;

/// <summary>
/// With channels as lanes, one vector of them after the other: its rows are copied with their padding into a window that stays in the
/// nearest cache, so that no kernel knows of borders, and what was copied is computed at once.
/// </summary>
internal sealed unsafe class DepthwiseWindowRows<TSimd, TVector> : DepthwiseRows
    where TSimd : ISimd<TVector>
    where TVector : struct
{
    /// <summary>Floats of the window at most, unless a single row needs more.</summary>
    private const int LargestWindow = 1 << 15;

    /// <summary>Pixels that are worth copying rows for.</summary>
    private const int SmallestGroup = 128;

    private const int Pixels = DepthwiseTile<TSimd, TVector>.Pixels;

    private readonly int _channels;
    private readonly int _taps;
    private readonly int _width;
    private readonly int _stripRows;
    private readonly int _groupRows;
    private readonly long _windowLength;
    private readonly DepthwiseWindow<TSimd, TVector> _window;
    private readonly nint _rowStep;
    private readonly nint[] _offsets;
    private readonly bool _isThreeByThree;
    private readonly bool _isFiveByFive;

    public DepthwiseWindowRows(in ConvolutionGeometry geometry)
        : base(geometry)
    {
        _channels = geometry.InputChannels;
        _taps = geometry.KernelArea;
        _width = geometry.OutputWidth;
        _window = new DepthwiseWindow<TSimd, TVector>(Correlation.Forward(geometry));
        _stripRows = 1;
        while (_stripRows < geometry.OutputHeight && _window.Rows(_stripRows + 1) * _window.Pitch <= LargestWindow)
        {
            _stripRows++;
        }

        _groupRows = Math.Max(2, (SmallestGroup + _width - 1) / _width);
        _windowLength = ((_window.Rows(_stripRows) * _window.Pitch) + 15) / 16 * 16;
        _rowStep = geometry.StrideHeight * _window.Pitch;
        int kernelWidth = geometry.KernelWidth;
        _offsets =
        [
            .. Enumerable.Range(0, _taps)
                .Select(tap => _window.TapOffset(tap / kernelWidth, tap % kernelWidth)),
        ];
        bool isDense = geometry is { StrideHeight: 1, StrideWidth: 1, DilationHeight: 1, DilationWidth: 1 };
        _isThreeByThree = isDense && geometry is { KernelHeight: 3, KernelWidth: 3 }
            && _width >= DepthwiseThreeByThreeTile<TSimd, TVector>.Columns;
        _isFiveByFive = isDense && geometry is { KernelHeight: 5, KernelWidth: 5 }
            && _width >= DepthwiseFiveByFiveTile<TSimd, TVector>.SmallestRow;
    }

    public override long PackedLength => (long)DepthwisePacking<TSimd, TVector>.Vectors(_channels) * (_taps + 1) * TSimd.Width;

    public override int Blocks => DepthwisePacking<TSimd, TVector>.Blocks(_channels);

    public override long ScratchLength => _windowLength;

    public override int FirstChannel(int block) => DepthwisePacking<TSimd, TVector>.FirstChannel(block, _channels);

    public override void Pack(float* kernel, float* bias, float* packed) =>
        DepthwisePacking<TSimd, TVector>.Pack(kernel, bias, _taps, _channels, packed);

    public override void Run(
        float* source, nint sourcePitch, float* packed, float* target, nint targetPitch, int from, int to, float low,
        float high, float* scratch, int firstBlock, int endBlock)
    {
        int endVector = DepthwisePacking<TSimd, TVector>.EndVector(endBlock, _channels);
        nint packedStep = (_taps + 1) * (nint)TSimd.Width;
        fixed (nint* offsets = _offsets)
        {
            for (int first = from; first < to; first += _stripRows)
            {
                int end = Math.Min(to, first + _stripRows);
                for (int vector = firstBlock; vector < endVector; vector++)
                {
                    int lane = DepthwisePacking<TSimd, TVector>.FirstLane(vector, _channels);
                    int copied = 0;
                    for (int row = first; row < end;)
                    {
                        int next = row + _groupRows;
                        next = next + 1 >= end ? end : next;
                        int needed = _window.Rows(next - first);
                        _window.Copy(source + lane, sourcePitch, first, end - first, copied, needed, scratch);
                        copied = needed;
                        RunGroup(
                            scratch + ((row - first) * _rowStep), offsets, packed + (vector * packedStep),
                            target + (row * targetPitch) + lane, targetPitch, next - row, low, high);
                        row = next;
                    }
                }
            }
        }
    }

    private void RunGroup(
        float* window, nint* offsets, float* packed, float* target, nint targetPitch, int rows, float low, float high)
    {
        if (_isThreeByThree && rows > 1)
        {
            for (int i = 0; i < rows; i += 2)
            {
                // With an odd number of rows the last pair overlaps the one before it.
                int row = Math.Min(i, rows - 2);
                DepthwiseThreeByThreeTile<TSimd, TVector>.Run(
                    window + (row * _rowStep), _window.Pitch, packed, target + (row * targetPitch), _channels, targetPitch,
                    _width, low, high);
            }
        }
        else if (_isFiveByFive)
        {
            for (int row = 0; row < rows; row++)
            {
                DepthwiseFiveByFiveTile<TSimd, TVector>.Run(
                    window + (row * _rowStep), _window.Pitch, packed, target + (row * targetPitch), _channels, _width, low,
                    high);
            }
        }
        else if (_width >= DepthwiseRowTile<TSimd, TVector>.Columns)
        {
            for (int row = 0; row < rows; row++)
            {
                DepthwiseRowTile<TSimd, TVector>.Run(
                    window + (row * _rowStep), offsets, _taps, packed, target + (row * targetPitch), _channels, _width, low,
                    high);
            }
        }
        else
        {
            RunPixels(window, offsets, packed, target, targetPitch, rows, low, high);
        }
    }

    /// <summary>Rows that are shorter than a tile: its pixels come from several rows.</summary>
    private void RunPixels(
        float* window, nint* offsets, float* packed, float* target, nint targetPitch, int rows, float low, float high)
    {
        float** sources = stackalloc float*[Pixels];
        float** targets = stackalloc float*[Pixels];
        int count = rows * _width;
        int first = 0;
        while (true)
        {
            int row = first / _width;
            int column = first - (row * _width);
            for (int i = 0; i < Pixels; i++)
            {
                sources[i] = window + (row * _rowStep) + ((nint)column * TSimd.Width);
                targets[i] = target + (row * targetPitch) + ((nint)column * _channels);

                // After the last pixel, the tile's other places are taken by it again.
                if (first + i + 1 < count && ++column == _width)
                {
                    column = 0;
                    row++;
                }
            }

            DepthwiseTile<TSimd, TVector>.Run(sources, offsets, _taps, packed, targets, low, high);
            first += Pixels;
            if (first >= count)
            {
                return;
            }

            // The last tile overlaps the one before it.
            first = Math.Min(first, Math.Max(0, count - Pixels));
        }
    }
}
