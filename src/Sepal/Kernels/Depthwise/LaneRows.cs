using System.Runtime.InteropServices;
using Sepal.Kernels.Simd;

namespace Sepal.Kernels.Depthwise;

/// <summary>
/// A depthwise or grouped convolution with output channels as lanes, of a few neighbouring pixels where channels are few, each reading
/// the inputs of its group. Rows are copied with their padding; a group's further inputs are further taps.
/// </summary>
internal sealed unsafe class LaneRows<TSimd, TVector> : DepthwiseRows
    where TSimd : ISimd<TVector>
    where TVector : struct
{
    /// <summary>Floats of the copied rows at most, unless those of two target rows need more.</summary>
    private const int LargestWindow = 1 << 14;

    private const int Pixels = LaneTile<TSimd, TVector>.Pixels;

    private readonly LaneLayout _layout;
    private readonly LaneSorting<TSimd, TVector>? _sorting;
    private readonly CorrelationAxis _rows;
    private readonly CorrelationAxis _columns;
    private readonly int _taps;
    private readonly int _stripRows;
    private readonly int _left;
    private readonly int _existing;
    private readonly nint _pitch;
    private readonly long _windowLength;
    private readonly long _targetsOffset;
    private readonly bool[] _isRead;
    private readonly nint[] _offsets;
    private readonly Block[] _blocks;

    public LaneRows(in ConvolutionGeometry geometry)
        : base(geometry)
    {
        ConvolutionGeometry g = geometry;
        _layout = LaneLayout.Create(g, TSimd.Width);
        Correlation correlation = Correlation.Forward(g);
        _rows = correlation.Rows;
        _columns = correlation.Columns;
        _taps = g.KernelArea * g.GroupInputChannels;
        int columns = ((_columns.TargetCount - 1) * _columns.SourceStep) + _columns.Reach + 1;
        _sorting = LaneLayout.IsSorted(g, TSimd.Width)
            ? new LaneSorting<TSimd, TVector>(_columns, columns, g.InputChannels)
            : null;
        _left = Math.Clamp(-_columns.SourceStart, 0, columns);
        _existing = Math.Clamp(_columns.SourceLength - _columns.SourceStart, _left, columns) - _left;
        _pitch = ((columns * g.InputChannels) + 15) / 16 * 16;
        _stripRows = Math.Min(2, g.OutputHeight);
        while (_stripRows < g.OutputHeight && WindowRows(_stripRows + 1) * _pitch <= LargestWindow)
        {
            _stripRows++;
        }

        CorrelationAxis rows = _rows;
        int stripRows = _stripRows;
        _isRead = [.. Enumerable.Range(0, WindowRows(stripRows)).Select(row => rows.IsUnderTap(row, stripRows))];

        // Lanes may read past what they pick from.
        _windowLength = (((WindowRows(_stripRows) * _pitch) + (5 * TSimd.Width) + g.GroupInputChannels) + 15) / 16 * 16;
        _targetsOffset = Math.Max(Pixels, _stripRows * _layout.Groups);
        _offsets =
        [
            .. from row in Enumerable.Range(0, g.KernelHeight)
               from column in Enumerable.Range(0, g.KernelWidth)
               from input in Enumerable.Range(0, g.GroupInputChannels)
               select (row * g.DilationHeight * _pitch) + ColumnOffset(column * g.DilationWidth) + input,
        ];
        LaneLayout layout = _layout;
        _blocks =
        [
            .. Enumerable.Range(0, layout.Blocks).Select(block => new Block(
                layout.FirstLane(block), layout.Position(layout.FirstLane(block)),
                layout.AreNeighbours(block) ? 0 : layout.Vectors(block))),
        ];
    }

    public override long PackedLength => _blocks.Length * BlockLength;

    public override long ScratchLength => ((_sorting is null ? 1 : 2) * _windowLength) + (2 * _targetsOffset * (sizeof(float*) / sizeof(float)));

    private long BlockLength => (long)(_taps + LaneTile<TSimd, TVector>.HeaderVectors) * TSimd.Width;

    public override void Pack(float* kernel, float* bias, float* packed)
    {
        int channels = Geometry.OutputChannels;
        for (int block = 0; block < _blocks.Length; block++)
        {
            for (int i = 0; i < TSimd.Width; i++, packed++)
            {
                int channel = (_blocks[block].Lane + i) % channels;
                int index = _layout.Index(block, i);
                packed[0] = BitConverter.Int32BitsToSingle(index);
                packed[TSimd.Width] = BitConverter.Int32BitsToSingle(index - (2 * TSimd.Width));
                packed[2 * TSimd.Width] = bias == null ? 0 : bias[channel];
                for (int tap = 0; tap < _taps; tap++)
                {
                    packed[(tap + LaneTile<TSimd, TVector>.HeaderVectors) * TSimd.Width] =
                        kernel[((nint)tap * channels) + channel];
                }
            }

            packed += BlockLength - TSimd.Width;
        }
    }

    public override void Run(
        float* source, nint sourcePitch, float* packed, float* target, nint targetPitch, int from, int to, float low,
        float high, float* scratch)
    {
        float* copied = _sorting is null ? scratch : scratch + _windowLength;
        float** sources = (float**)(copied + _windowLength);
        float** targets = sources + _targetsOffset;
        for (int first = from; first < to; first += _stripRows)
        {
            int end = Math.Min(to, first + _stripRows);
            Copy(source, sourcePitch, first, end - first, copied);
            _sorting?.Run(copied, scratch, _pitch, WindowRows(end - first));
            int count = FindPixels(scratch, target + (first * targetPitch), targetPitch, end - first, sources, targets);
            RunStrip(packed, sources, targets, count, low, high);
        }
    }

    /// <summary>Where a column of the source lies in the window.</summary>
    private nint ColumnOffset(int column) => _sorting?.Offset(column) ?? ((nint)column * Geometry.InputChannels);

    private int WindowRows(int targetRows) => ((targetRows - 1) * _rows.SourceStep) + _rows.Reach + 1;

    private void Copy(float* source, nint sourcePitch, int targetRow, int targetRows, float* window)
    {
        int channels = Geometry.InputChannels;
        int top = _rows.SourceStart + (targetRow * _rows.SourceStep);
        (int firstRow, int endRow) = SourceRows(targetRow, targetRow + targetRows);
        nint first = (nint)(_columns.SourceStart + _left) * channels;
        for (int row = top; row < top + WindowRows(targetRows); row++, window += _pitch)
        {
            int left = _left * channels;
            int existing = _existing * channels;
            if (row < firstRow || row >= endRow || !_isRead[row - top])
            {
                // A row that no tap reads need not exist.
                (left, existing) = ((int)_pitch, 0);
            }

            new Span<float>(window, left).Clear();
            new ReadOnlySpan<float>(source + (row * sourcePitch) + first, existing).CopyTo(new(window + left, existing));
            new Span<float>(window + left + existing, (int)_pitch - left - existing).Clear();
        }
    }

    /// <summary>Where the groups of pixels of some rows read and write. Those fewer than a tile are repeated.</summary>
    private int FindPixels(
        float* window, float* target, nint targetPitch, int rows, float** sources, float** targets)
    {
        int lastColumn = Geometry.OutputWidth - _layout.Pixels;
        int count = 0;
        for (int row = 0; row < rows; row++)
        {
            for (int group = 0; group < _layout.Groups; group++)
            {
                int column = Math.Min(group * _layout.Pixels, lastColumn);
                sources[count] = window + (row * _rows.SourceStep * _pitch) + ColumnOffset(column * _columns.SourceStep);
                targets[count++] = target + (row * targetPitch) + ((nint)column * Geometry.OutputChannels);
            }
        }

        for (; count < Pixels; count++)
        {
            sources[count] = sources[count - 1];
            targets[count] = targets[count - 1];
        }

        return count;
    }

    private void RunStrip(float* packed, float** sources, float** targets, int count, float low, float high)
    {
        fixed (nint* offsets = _offsets)
        {
            foreach (Block block in _blocks)
            {
                for (int i = 0; i < count; i += Pixels)
                {
                    // The last tile overlaps the one before it.
                    int first = Math.Min(i, count - Pixels);
                    switch (block.Vectors)
                    {
                        case 0:
                            LaneTile<TSimd, TVector>.Neighbours(
                                sources + first, block.Position, offsets, _taps, packed, targets + first, block.Lane, low, high);
                            break;
                        case 1:
                            LaneTile<TSimd, TVector>.WithinOne(
                                sources + first, block.Position, offsets, _taps, packed, targets + first, block.Lane, low, high);
                            break;
                        case 2:
                            LaneTile<TSimd, TVector>.WithinTwo(
                                sources + first, block.Position, offsets, _taps, packed, targets + first, block.Lane, low, high);
                            break;
                        default:
                            LaneTile<TSimd, TVector>.WithinFour(
                                sources + first, block.Position, offsets, _taps, packed, targets + first, block.Lane, low, high);
                            break;
                    }
                }

                packed += BlockLength;
            }
        }
    }

    /// <param name="Lane">The vector's first lane.</param>
    /// <param name="Position">What that reads, from what the first lane of all does.</param>
    /// <param name="Vectors">Vectors that the lanes read from; zero where they read neighbouring floats.</param>
    [StructLayout(LayoutKind.Auto)]
    private readonly record struct Block(int Lane, int Position, int Vectors);
}
