using Sepal.Kernels.Normalization;

namespace Sepal.Kernels.Depthwise;

/// <summary>
/// A batch through <see cref="DepthwiseRows"/>, in parts that are several images, one, or, in a small batch, strips of one. The kernel is packed by every
/// part: it is small beside its work, and new after every step of training.
/// </summary>
internal sealed unsafe class DepthwiseForward
{
    /// <summary>Images of a batch that are parts enough by themselves.</summary>
    private const int ManyImages = 16;

    private readonly ConvolutionGeometry _geometry;
    private readonly Correlation _correlation;
    private readonly DepthwiseRows _rows;
    private readonly DepthwiseParts _parts;
    private readonly long _packedLength;

    public DepthwiseForward(in ConvolutionGeometry geometry)
    {
        _geometry = geometry;
        _rows = DepthwiseRows.Create(geometry);
        _correlation = Correlation.Forward(geometry);
        _parts = DepthwiseParts.Divide(_correlation, geometry.Batch, geometry.Batch >= ManyImages);

        // Whole cache lines, so that what follows in the scratch stays aligned.
        _packedLength = WholeLines(_rows.PackedLength);
    }

    public int Parts => _parts.Count;

    /// <summary>The first output pixel of every part, and after the last the number of all.</summary>
    public long[] TargetPixels => _parts.TargetPixels(_geometry.OutputWidth);

    public long ScratchLength => _packedLength + WholeLines(_rows.ScratchLength) + SourceLength;

    /// <summary>Whether each part alone reads its images.</summary>
    public bool Finishes => _parts.AreWholeImages;

    public void Run(
        float* input, float* kernel, float* bias, float* output, int part, float* scratch, in UnfinishedInput unfinished = default)
    {
        _rows.Pack(kernel, bias, scratch);
        DepthwiseParts.Part work = _parts[part];
        for (int image = work.FirstImage; image < work.EndImage; image++)
        {
            float* source = input + ((nint)image * _geometry.InputImageLength);
            int finished = 0;
            for (int row = work.FirstRow; row < work.FirstRow + work.Rows; row += _parts.StripRows)
            {
                int end = Math.Min(row + _parts.StripRows, work.FirstRow + work.Rows);
                if (unfinished.IsUnwritten)
                {
                    source = Normalize(unfinished, image, row, end, scratch + _packedLength + WholeLines(_rows.ScratchLength));
                }
                else
                {
                    int needed = end == _geometry.OutputHeight
                        ? _geometry.InputHeight
                        : Math.Clamp(_correlation.Rows.SourceEnd(end), finished, _geometry.InputHeight);
                    Finish(unfinished, image, finished, needed);
                    finished = needed;
                }

                _rows.Run(
                    source, Pitch, scratch, output + ((nint)image * _geometry.OutputImageLength),
                    (nint)_geometry.OutputWidth * _geometry.OutputChannels, row, end,
                    float.NegativeInfinity, float.PositiveInfinity, scratch + _packedLength, 0, _rows.Blocks);
            }
        }
    }

    /// <summary>Floats of the source rows under a strip, where those may have no place of their own.</summary>
    private long SourceLength =>
        Finishes ? (long)Math.Min(_correlation.Rows.SourceEnd(_parts.StripRows) - _correlation.Rows.SourceStart, _geometry.InputHeight) * Pitch : 0;

    private int Pitch => _geometry.InputWidth * _geometry.InputChannels;

    private static long WholeLines(long length) => (length + 15) / 16 * 16;

    /// <summary>Normalises the source rows under a strip.</summary>
    /// <returns>Where the image would have to begin for its rows to be where they were written.</returns>
    private float* Normalize(in UnfinishedInput unfinished, int image, int firstRow, int endRow, float* rows)
    {
        int first = Math.Clamp(_correlation.Rows.SourceStart + (firstRow * _correlation.Rows.SourceStep), 0, _geometry.InputHeight);
        int end = Math.Clamp(_correlation.Rows.SourceEnd(endRow), first, _geometry.InputHeight);
        float* place = rows - ((long)first * Pitch);
        Finish(unfinished.Into(place - ((long)image * _geometry.InputImageLength)), image, first, end);
        return place;
    }

    private void Finish(in UnfinishedInput unfinished, int image, int firstRow, int endRow)
    {
        long firstPixel = (long)image * _geometry.InputHeight * _geometry.InputWidth;
        unfinished.Finish(firstPixel + ((long)firstRow * _geometry.InputWidth), firstPixel + ((long)endRow * _geometry.InputWidth));
    }
}
