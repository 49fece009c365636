using Sepal.Kernels.Simd;

namespace Sepal.Kernels.Depthwise;

/// <summary>
/// With channels as lanes. A tile is a few pixels, wherever they lie, and their taps are found through a table of addresses
/// in which padding is a pixel of zeros, so that there is one kernel for the border and the inside. Each tile goes
/// through all channels, which reads the source in the order of its addresses.
/// </summary>
internal sealed unsafe class DepthwiseChannelRows<TSimd, TVector> : DepthwiseRows
    where TSimd : ISimd<TVector>
    where TVector : struct
{
    private readonly int _channels;
    private readonly int _taps;
    private readonly int _blocks;
    private readonly long _zerosLength;

    public DepthwiseChannelRows(in ConvolutionGeometry geometry)
        : base(geometry)
    {
        _channels = geometry.InputChannels;
        _taps = geometry.KernelArea;
        _blocks = (_channels + TSimd.Width - 1) / TSimd.Width;
        _zerosLength = (_channels + 15) / 16 * 16;
    }

    public override long PackedLength => (long)_blocks * (_taps + 1) * TSimd.Width;

    public override long ScratchLength =>
        _zerosLength + ((_taps + 1) * DepthwiseTableTile<TSimd, TVector>.Pixels * (sizeof(float*) / sizeof(float)));

    public override void Pack(float* kernel, float* bias, float* packed)
    {
        for (int block = 0; block < _blocks; block++)
        {
            int lane = Math.Min(block * TSimd.Width, _channels - TSimd.Width);
            TSimd.Store(bias == null ? default : TSimd.Load(bias + lane), packed);
            packed += TSimd.Width;
            for (int tap = 0; tap < _taps; tap++, packed += TSimd.Width)
            {
                TSimd.Store(TSimd.Load(kernel + ((nint)tap * _channels) + lane), packed);
            }
        }
    }

    public override void Run(
        float* source, nint sourcePitch, float* packed, float* target, nint targetPitch, int from, int to, float low,
        float high, float* scratch)
    {
        const int Pixels = DepthwiseTableTile<TSimd, TVector>.Pixels;
        new Span<float>(scratch, _channels).Clear();
        float** targets = (float**)(scratch + _zerosLength);
        float** sources = targets + Pixels;
        int width = Geometry.OutputWidth;
        int count = (to - from) * width;
        for (int tile = 0; tile < count; tile += Pixels)
        {
            // The last tile overlaps the one before it; pixels fewer than a tile are repeated.
            int first = Math.Max(0, Math.Min(tile, count - Pixels));
            for (int i = 0; i < Pixels; i++)
            {
                (int row, int column) = Math.DivRem(Math.Min(first + i, count - 1), width);
                row += from;
                targets[i] = target + (row * targetPitch) + ((nint)column * _channels);
                FindTaps(source, sourcePitch, row, column, scratch, sources + i);
            }

            DepthwiseTableTile<TSimd, TVector>.Run(sources, _taps, packed, targets, _channels, low, high);
        }
    }

    private void FindTaps(float* source, nint sourcePitch, int row, int column, float* zeros, float** sources)
    {
        int top = (row * Geometry.StrideHeight) - Geometry.PaddingTop;
        int left = (column * Geometry.StrideWidth) - Geometry.PaddingLeft;
        for (int tapRow = 0; tapRow < Geometry.KernelHeight; tapRow++, top += Geometry.DilationHeight)
        {
            int position = left;
            for (int tap = 0; tap < Geometry.KernelWidth; tap++, position += Geometry.DilationWidth)
            {
                bool exists = (uint)top < (uint)Geometry.InputHeight && (uint)position < (uint)Geometry.InputWidth;
                *sources = exists ? source + (top * sourcePitch) + ((nint)position * _channels) : zeros;
                sources += DepthwiseTableTile<TSimd, TVector>.Pixels;
            }
        }
    }
}
