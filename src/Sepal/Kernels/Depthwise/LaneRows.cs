using System.Runtime.InteropServices;
using Sepal.Kernels.Simd;

namespace Sepal.Kernels.Depthwise;

/// <summary>
/// A depthwise or grouped convolution with output channels as lanes, of a few neighbouring pixels where channels are few, each reading
/// the inputs of its group. Rows are copied with their padding, unless outputs read single pixels; a group's further inputs are further taps.
/// </summary>
internal sealed unsafe class LaneRows<TSimd, TVector> : DepthwiseRows
    where TSimd : ISimd<TVector>
    where TVector : struct
{
    /// <summary>
    /// Floats of the copied rows of a strip at most, unless those of two target rows need more; half as many where nothing is copied, which
    /// costs nothing.
    /// </summary>
    private const int LargestWindow = 1 << 14;

    private const int Pixels = LaneTile<TSimd, TVector>.Pixels;

    /// <summary>Lanes may read so many floats past what they pick from.</summary>
    private readonly int _excess;
    private readonly bool _isInPlace;
    private readonly LaneLayout _layout;
    private readonly LaneWindow<TSimd, TVector> _window;
    private readonly CorrelationAxis _rows;
    private readonly int _taps;
    private readonly int _stripRows;
    private readonly int _mostPixels;
    private readonly long _sourceColumn;
    private readonly nint[] _groupSources;
    private readonly nint[] _groupTargets;
    private readonly nint[] _offsets;
    private readonly Block[] _blocks;

    public LaneRows(in ConvolutionGeometry geometry)
        : base(geometry)
    {
        ConvolutionGeometry g = geometry;
        LaneLayout layout = LaneLayout.Create(g, TSimd.Width);
        _layout = layout;
        Correlation correlation = Correlation.Forward(g);
        _rows = correlation.Rows;
        _isInPlace = LaneLayout.IsInPlace(g);
        _excess = (5 * TSimd.Width) + g.GroupInputChannels;
        LaneWindow<TSimd, TVector> window = new(g, _excess);
        _window = window;
        _taps = g.KernelArea * g.GroupInputChannels;
        _stripRows = Math.Min(2, g.OutputHeight);
        int largest = _isInPlace ? LargestWindow / 2 : LargestWindow;
        while (_stripRows < g.OutputHeight && window.Rows(_stripRows + 1) * window.Pitch <= largest)
        {
            _stripRows++;
        }

        int sourceStep = correlation.Columns.SourceStep;
        int[] columns = [.. Enumerable.Range(0, layout.Groups).Select(group => Math.Min(group * layout.Pixels, g.OutputWidth - layout.Pixels))];
        _sourceColumn = (long)correlation.Columns.SourceStart * g.InputChannels;
        _groupSources = [.. columns.Select(column => window.ColumnOffset(column * sourceStep))];
        _groupTargets = [.. columns.Select(column => (nint)column * g.OutputChannels)];
        _mostPixels = Math.Max(Pixels, _stripRows * layout.Groups);
        _offsets =
        [
            .. from row in Enumerable.Range(0, g.KernelHeight)
               from column in Enumerable.Range(0, g.KernelWidth)
               from input in Enumerable.Range(0, g.GroupInputChannels)
               select (row * g.DilationHeight * window.Pitch) + window.ColumnOffset(column * g.DilationWidth) + input,
        ];
        _blocks =
        [
            .. Enumerable.Range(0, layout.Blocks).Select(block => new Block(
                layout.FirstLane(block), layout.Position(layout.FirstLane(block)), layout.Reads(block))),
        ];
    }

    public override long PackedLength => _blocks.Length * BlockLength;

    public override long ScratchLength => _window.ScratchLength(_stripRows) + (2 * _mostPixels * (sizeof(nint) / sizeof(float)));

    /// <summary>A bias, weights, and indices: two, or one for each input of a group.</summary>
    private long BlockLength => (long)(1 + _taps + Math.Max(2, Geometry.GroupInputChannels)) * TSimd.Width;

    public override void Pack(float* kernel, float* bias, float* packed)
    {
        int channels = Geometry.OutputChannels;
        for (int block = 0; block < _blocks.Length; block++, packed += BlockLength)
        {
            bool areGroups = _blocks[block].Reads is LaneReads.GroupsWithinOne or LaneReads.GroupsWithinTwo;
            int nextIndex = areGroups ? 1 : -2 * TSimd.Width;
            for (int lane = 0; lane < TSimd.Width; lane++)
            {
                int channel = (_blocks[block].Lane + lane) % channels;
                int index = _layout.Index(block, lane);
                float* destination = packed + lane;
                *destination = bias == null ? 0 : bias[channel];
                for (int tap = 0; tap < _taps; tap++)
                {
                    destination += TSimd.Width;
                    *destination = kernel[((nint)tap * channels) + channel];
                }

                for (int i = 0; i < Math.Max(2, Geometry.GroupInputChannels); i++, index += nextIndex)
                {
                    destination += TSimd.Width;
                    *destination = BitConverter.Int32BitsToSingle(index);
                }
            }
        }
    }

    public override void Run(
        float* source, nint sourcePitch, float* packed, float* target, nint targetPitch, int from, int to, float low,
        float high, float* scratch, int firstBlock, int endBlock)
    {
        nint* sources = (nint*)(scratch + _window.ScratchLength(_stripRows));
        nint* targets = sources + _mostPixels;
        int inPlaceEnd = to - RowsToCopy(sourcePitch, to - from);
        Strip strip = default;
        for (int first = from; first < to; first += strip.Rows)
        {
            bool isInPlace = first < inPlaceEnd;
            int rows = Math.Min(_stripRows, (isInPlace ? inPlaceEnd : to) - first);
            nint pitch = isInPlace ? sourcePitch : _window.Pitch;
            if (rows != strip.Rows || pitch != strip.Pitch)
            {
                strip = new Strip(rows, pitch, FindPixels(rows, pitch, targetPitch, sources, targets));
            }

            float* rowsSource = isInPlace
                ? source + ((_rows.SourceStart + (first * _rows.SourceStep)) * sourcePitch) + _sourceColumn
                : _window.Copy(source, sourcePitch, first, rows, SourceRows(first, first + rows), scratch);
            RunStrip(packed, rowsSource, sources, target + (first * targetPitch), targets, strip.Pixels, low, high);
        }
    }

    /// <summary>Of some rows, how many of the last must be copied, since lanes may read past their end.</summary>
    private int RowsToCopy(nint sourcePitch, int rows)
    {
        nint step = _rows.SourceStep * sourcePitch;
        return _isInPlace ? (int)Math.Min(rows, (_excess + step - 1) / step) : rows;
    }

    /// <summary>Where the groups of pixels of some rows read and write. Those fewer than a tile are repeated.</summary>
    private int FindPixels(int rows, nint sourcePitch, nint targetPitch, nint* sources, nint* targets)
    {
        int count = 0;
        for (int row = 0; row < rows; row++)
        {
            nint rowSource = row * _rows.SourceStep * sourcePitch;
            nint rowTarget = row * targetPitch;
            for (int group = 0; group < _groupSources.Length; group++, count++)
            {
                sources[count] = rowSource + _groupSources[group];
                targets[count] = rowTarget + _groupTargets[group];
            }
        }

        for (; count < Pixels; count++)
        {
            sources[count] = sources[count - 1];
            targets[count] = targets[count - 1];
        }

        return count;
    }

    private void RunStrip(
        float* packed, float* source, nint* sources, float* target, nint* targets, int count, float low, float high)
    {
        fixed (nint* offsets = _offsets)
        {
            foreach (Block block in _blocks)
            {
                float* first = source + block.Position;
                float* result = target + block.Lane;
                switch (block.Reads)
                {
                    case LaneReads.Neighbours:
                        LaneTile<TSimd, TVector>.Run<LanePicks<TSimd, TVector>.Neighbours>(
                            first, sources, count, offsets, _taps, packed, result, targets, low, high);
                        break;
                    case LaneReads.WithinOne:
                        LaneTile<TSimd, TVector>.Run<LanePicks<TSimd, TVector>.WithinOne>(
                            first, sources, count, offsets, _taps, packed, result, targets, low, high);
                        break;
                    case LaneReads.WithinTwo:
                        LaneTile<TSimd, TVector>.Run<LanePicks<TSimd, TVector>.WithinTwo>(
                            first, sources, count, offsets, _taps, packed, result, targets, low, high);
                        break;
                    case LaneReads.GroupsWithinOne:
                        LaneGroupTile<TSimd, TVector>.Run<LanePicks<TSimd, TVector>.WithinOne>(
                            first, sources, count, offsets, _taps, Geometry.GroupInputChannels, packed, result, targets, low, high);
                        break;
                    case LaneReads.GroupsWithinTwo:
                        LaneGroupTile<TSimd, TVector>.Run<LanePicks<TSimd, TVector>.WithinTwo>(
                            first, sources, count, offsets, _taps, Geometry.GroupInputChannels, packed, result, targets, low, high);
                        break;
                    default:
                        LaneTile<TSimd, TVector>.Run<LanePicks<TSimd, TVector>.WithinFour>(
                            first, sources, count, offsets, _taps, packed, result, targets, low, high);
                        break;
                }

                packed += BlockLength;
            }
        }
    }

    /// <param name="Lane">The vector's first lane.</param>
    /// <param name="Position">What that reads, from what the first lane of all does.</param>
    /// <param name="Reads">How the lanes read.</param>
    [StructLayout(LayoutKind.Auto)]
    private readonly record struct Block(int Lane, int Position, LaneReads Reads);

    /// <summary>The strip whose pixels are found.</summary>
    /// <param name="Rows">Target rows.</param>
    /// <param name="Pitch">Floats from one source row to the next.</param>
    /// <param name="Pixels">Groups of pixels.</param>
    [StructLayout(LayoutKind.Auto)]
    private readonly record struct Strip(int Rows, nint Pitch, int Pixels);
}
