namespace Sepal.Kernels.Depthwise;

/// <summary>
/// With several filters for each channel: the source rows under each target row are repeated into the scratch, once for each filter,
/// and what follows is a depthwise convolution with one filter each.
/// </summary>
internal sealed unsafe class RepeatedDepthwiseRows : DepthwiseRows
{
    private readonly DepthwiseRows _single;
    private readonly int _multiplier;
    private readonly nint _rowLength;
    private readonly long _repeatedLength;

    public RepeatedDepthwiseRows(in ConvolutionGeometry geometry)
        : base(geometry)
    {
        _multiplier = geometry.GroupOutputChannels;
        _single = Create(geometry with
        {
            InputChannels = geometry.OutputChannels,
            Groups = geometry.OutputChannels,
        });
        _rowLength = (nint)geometry.InputWidth * geometry.OutputChannels;
        int rows = Math.Min(geometry.InputHeight, ((geometry.KernelHeight - 1) * geometry.DilationHeight) + 1);

        // Whole cache lines, so that what follows in the scratch stays aligned.
        _repeatedLength = ((rows * _rowLength) + 15) / 16 * 16;
    }

    public override long PackedLength => _single.PackedLength;

    public override long ScratchLength => _repeatedLength + _single.ScratchLength;

    public override void Pack(float* kernel, float* bias, float* packed) => _single.Pack(kernel, bias, packed);

    public override void Run(
        float* source, nint sourcePitch, float* packed, float* target, nint targetPitch, int from, int to, float low,
        float high, float* scratch)
    {
        for (int row = from; row < to; row++)
        {
            (int first, int end) = SourceRows(row, row + 1);
            for (int sourceRow = first; sourceRow < end; sourceRow++)
            {
                Repeat(source + (sourceRow * sourcePitch), scratch + ((sourceRow - first) * _rowLength));
            }

            _single.Run(
                scratch - (first * _rowLength), _rowLength, packed, target, targetPitch, row, row + 1, low, high,
                scratch + _repeatedLength);
        }
    }

    private void Repeat(float* source, float* destination)
    {
        int count = Geometry.InputWidth * Geometry.InputChannels;
        for (int i = 0; i < count; i++)
        {
            for (int copy = 0; copy < _multiplier; copy++)
            {
                *destination++ = source[i];
            }
        }
    }
}
