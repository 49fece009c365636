namespace Sepal.Kernels.Depthwise;

/// <summary>
/// A batch through <see cref="DepthwiseRows"/>, in parts that are several images or strips of one. The kernel is packed by every
/// part: it is small beside its work, and new after every step of training.
/// </summary>
internal sealed unsafe class DepthwiseForward
{
    private readonly ConvolutionGeometry _geometry;
    private readonly DepthwiseRows _rows;
    private readonly DepthwiseParts _parts;
    private readonly long _packedLength;

    public DepthwiseForward(in ConvolutionGeometry geometry)
    {
        _geometry = geometry;
        _rows = DepthwiseRows.Create(geometry);
        _parts = DepthwiseParts.Divide(Correlation.Forward(geometry), geometry.Batch);

        // Whole cache lines, so that what follows in the scratch stays aligned.
        _packedLength = (_rows.PackedLength + 15) / 16 * 16;
    }

    public int Parts => _parts.Count;

    /// <summary>The first output pixel of every part, and after the last the number of all.</summary>
    public long[] TargetPixels => _parts.TargetPixels(_geometry.OutputWidth);

    public long ScratchLength => _packedLength + _rows.ScratchLength;

    public void Run(float* input, float* kernel, float* bias, float* output, int part, float* scratch)
    {
        _rows.Pack(kernel, bias, scratch);
        DepthwiseParts.Part work = _parts[part];
        for (int image = work.FirstImage; image < work.EndImage; image++)
        {
            _rows.Run(
                input + ((nint)image * _geometry.InputImageLength), (nint)_geometry.InputWidth * _geometry.InputChannels,
                scratch, output + ((nint)image * _geometry.OutputImageLength),
                (nint)_geometry.OutputWidth * _geometry.OutputChannels, work.FirstRow, work.FirstRow + work.Rows,
                float.NegativeInfinity, float.PositiveInfinity, scratch + _packedLength, 0, _rows.Blocks);
        }
    }
}
