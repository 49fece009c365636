using Sepal.Kernels.MatrixProducts;
using Sepal.Kernels.Simd;

namespace Sepal.Kernels.Convolution;

/// <summary>A correlation, or something that computes the same, for one concrete batch.</summary>
internal abstract unsafe class CorrelationProduct
{
    /// <summary>Length of the packed kernel; 0 where the kernel is used as it is.</summary>
    public abstract long PackedLength { get; }

    /// <summary>Parts of <see cref="Pack"/>.</summary>
    public virtual int PackParts => 1;

    public abstract int Parts { get; }

    public abstract long ScratchLength { get; }

    /// <summary>
    /// The first target pixel of every part, and after the last the number of all; null where a part is not all channels of pixels
    /// that follow one another.
    /// </summary>
    public virtual long[]? TargetPixels => null;

    /// <summary>Packs one part of the kernel.</summary>
    public abstract void Pack(float* kernel, float* packed, int part);

    /// <summary>
    /// Computes one part of the target, which it overwrites; the bias may be null. A companion is memory laid out as the source that the next
    /// part is made from too, and is fetched ahead with that; it may be null.
    /// </summary>
    public abstract void Run(float* source, float* packed, float* bias, float* target, int part, float* scratch, float* companion = null);
}

/// <summary>
/// A correlation as a matrix product: a row for every target pixel, a column for every target channel, and the taps'
/// channels as inner dimension. The left matrix is never built: the tiles read it where it lies, since the
/// channels under one tap are contiguous, and in an undivided convolution so are those under a whole row of taps.
/// </summary>
internal sealed unsafe class CorrelationProduct<TSimd, TVector> : CorrelationProduct
    where TSimd : ISimd<TVector>
    where TVector : struct
{
    /// <summary>
    /// Multiply-adds for each float read or written above which memory is waited for too little to fetch ahead: with 512 input and
    /// output channels (256) it still gained 4 %, with 1024 it lost 2.
    /// </summary>
    private const int MostWorkForFetching = 300;

    /// <summary>Terms of a sum below which a tile is over too soon to fetch anything meanwhile.</summary>
    private const int FewTerms = 48;

    /// <summary>Floats to pack that are worth a part for each panel: some ten microseconds.</summary>
    private const long FloatsWorthSharing = 1 << 15;

    private readonly Correlation _correlation;
    private readonly KernelLayout _kernel;
    private readonly SourceWindow _window;
    private readonly PanelLayout _panels;
    private readonly ProductParts _parts;
    private readonly Runs _runs;
    private readonly int _innerLength;
    private readonly StripPixels _pixels;
    private readonly bool _fetchesAhead;

    public CorrelationProduct(in Correlation correlation, in KernelLayout kernel, int batch)
    {
        _correlation = correlation;
        _kernel = kernel;
        _window = new SourceWindow(correlation);
        _panels = new PanelLayout(kernel.GroupTargetChannels);
        _innerLength = correlation.TapCount * kernel.GroupSourceChannels;
        _parts = ProductParts.Divide(correlation, _window, batch, _panels.Count, _innerLength);
        _runs = Runs.OfTaps(correlation, _window, kernel.GroupSourceChannels);
        _pixels = new StripPixels(correlation, _window, _parts.StripRows);
        _fetchesAhead = FetchesAhead(batch);
    }

    public override long PackedLength => IsPlain ? 0 : _kernel.Groups * _panels.PackedLength(_innerLength);

    public override int PackParts => PackedLength >= FloatsWorthSharing ? _panels.Count : 1;

    public override int Parts => _parts.Count;

    public override long ScratchLength => _window.ScratchLength(_parts.StripRows);

    public override long[]? TargetPixels => _correlation.IsWhole ? _parts.TargetPixels(_correlation.Columns.TargetCount) : null;

    private bool IsPlain => _panels.IsPlain && _kernel.Groups == 1 && _kernel.IsRowMajor
        && _correlation is { Rows.KernelStep: 1, Columns.KernelStep: 1 };

    public override void Pack(float* kernel, float* packed, int part)
    {
        if (IsPlain)
        {
            return;
        }

        for (int group = 0; group < _kernel.Groups; group++)
        {
            float* matrix = packed + (group * _panels.PackedLength(_innerLength));
            for (int panel = part; panel < _panels.Count; panel += PackParts)
            {
                float* rows = matrix + _panels.PanelStart(panel, _innerLength);
                for (int tap = 0; tap < _correlation.TapCount; tap++)
                {
                    (int row, int column) = Math.DivRem(tap, _correlation.Columns.Taps);
                    int kernelTap = _correlation.KernelTap(row, column, _kernel.KernelWidth);
                    float* weights = kernel + _kernel.Offset(kernelTap, group, _panels.FirstColumn(panel));
                    _kernel.PackTap(weights, rows, _panels.PanelColumns(panel), _panels.PanelWidth(panel));
                    rows += _kernel.GroupSourceChannels * _panels.PanelWidth(panel);
                }
            }
        }
    }

    public override void Run(float* source, float* packed, float* bias, float* target, int part, float* scratch, float* companion = null)
    {
        ProductParts.Part work = _parts[part];
        fixed (nint* sourceRows = _pixels.Sources, targetRows = _pixels.Targets, runs = _runs.Starts)
        {
            TileOperands operands = new()
            {
                LeftRows = sourceRows,
                Runs = runs,
                RunCount = _runs.Count,
                RunLength = _runs.Length,
                LeftStep = 1,
                OutputRows = targetRows,
            };
            int rows = work.Rows * _correlation.Columns.TargetCount;
            long outputLength = (long)rows * _correlation.TargetChannels;
            for (int image = work.FirstImage; image < work.EndImage; image++)
            {
                float* window = _window.Open(
                    source + ((long)image * _correlation.SourceImageLength), work.FirstRow, work.Rows, scratch);
                float* output = target + ((long)image * _correlation.TargetImageLength) + _pixels.Origin(work.FirstRow);
                for (int group = 0; group < _kernel.Groups; group++)
                {
                    operands.Left = window + ((long)group * _kernel.GroupSourceChannels);
                    float* matrix = packed + (group * _panels.PackedLength(_innerLength));
                    UpcomingRows nextSource = _fetchesAhead ? NextSource(source, image, work) : default;
                    UpcomingRows nextCompanion = _fetchesAhead && companion != null ? NextSource(companion, image, work) : default;
                    UpcomingRows nextTarget = _fetchesAhead ? UpcomingRows.OfRun(output + outputLength, outputLength) : default;
                    for (int panel = work.FirstPanel; panel < work.EndPanel; panel++)
                    {
                        int column = (group * _kernel.GroupTargetChannels) + _panels.FirstColumn(panel);
                        operands.Right = matrix + _panels.PanelStart(panel, _innerLength);
                        operands.RightStep = _panels.PanelWidth(panel);
                        operands.Bias = bias == null ? null : bias + column;
                        operands.Output = output + column;
                        operands.LastCount = _panels.LastCount(panel);
                        operands.NextLeft = nextSource.Share(panel, _panels.Count);
                        operands.NextCompanion = nextCompanion.Share(panel, _panels.Count);
                        operands.NextOther = nextTarget.Share(panel, _panels.Count);
                        TileSweep<TSimd, TVector>.Run(operands, _panels.Vectors(panel), rows);
                    }
                }
            }
        }
    }

    /// <summary>Whether a strip's tiles fetch what the next strip reads and writes: where both are runs of memory, and far.</summary>
    private bool FetchesAhead(int batch)
    {
        long floats = (long)_correlation.SourceImageLength + _correlation.TargetImageLength;
        long work = (long)_correlation.Rows.TargetCount * _correlation.Columns.TargetCount * _innerLength * _kernel.GroupTargetChannels;
        return _kernel.Groups == 1 && _innerLength > FewTerms && TargetPixels is not null
            && batch * floats > UpcomingRows.FarFloats && work <= MostWorkForFetching * floats;
    }

    /// <summary>The source rows of the strip after one: of the next image, where that is an image's last.</summary>
    private UpcomingRows NextSource(float* source, int image, in ProductParts.Part work)
    {
        long pitch = (long)_correlation.Columns.SourceLength * _correlation.SourceChannels;
        long firstRow = _correlation.Rows.SourceStart + ((long)(work.FirstRow + work.Rows) * _correlation.Rows.SourceStep);
        return UpcomingRows.OfRun(
            source + ((long)image * _correlation.SourceImageLength) + (firstRow * pitch), work.Rows * _correlation.Rows.SourceStep * pitch);
    }
}
