using Sepal.Kernels.MatrixProducts;
using Sepal.Kernels.Simd;

namespace Sepal.Kernels.Convolution;

/// <summary>
/// A correlation as a matrix product: a row for every target pixel, a column for every target channel, and the taps'
/// channels as inner dimension. The left matrix is never built: the tiles read it where it lies, since the
/// channels under one tap are contiguous, and in an undivided convolution so are those under a whole row of taps.
/// </summary>
internal abstract unsafe class CorrelationProduct
{
    /// <summary>Length of the packed kernel; 0 where the kernel is used as it is.</summary>
    public abstract long PackedLength { get; }

    public abstract int Parts { get; }

    public abstract long ScratchLength { get; }

    /// <param name="correlation">What to compute.</param>
    /// <param name="kernel">Where the kernel has the weights.</param>
    /// <param name="batch">Images.</param>
    public static CorrelationProduct Create(in Correlation correlation, in KernelLayout kernel, int batch) =>
        SimdLevel.Create<Factory, CorrelationProduct>(new Factory(correlation, kernel, batch));

    public abstract void Pack(float* kernel, float* packed);

    public abstract void Run(float* source, float* packed, float* bias, float* target, int part, float* scratch);

    private readonly struct Factory(Correlation correlation, KernelLayout kernel, int batch)
        : ISimdFactory<CorrelationProduct>
    {
        public CorrelationProduct Create<TSimd, TVector>()
            where TSimd : ISimd<TVector>
            where TVector : struct => new CorrelationProduct<TSimd, TVector>(correlation, kernel, batch);
    }
}

/// <inheritdoc/>
internal sealed unsafe class CorrelationProduct<TSimd, TVector> : CorrelationProduct
    where TSimd : ISimd<TVector>
    where TVector : struct
{
    private readonly Correlation _correlation;
    private readonly KernelLayout _kernel;
    private readonly SourceWindow _window;
    private readonly PanelLayout _panels;
    private readonly ProductParts _parts;
    private readonly Runs _runs;
    private readonly int _innerLength;

    // Pinned, so that the tiles may keep addresses into them. They describe one strip; every strip is alike.
    private readonly nint[] _sourceRows;
    private readonly nint[] _targetRows;

    public CorrelationProduct(in Correlation correlation, in KernelLayout kernel, int batch)
    {
        _correlation = correlation;
        _kernel = kernel;
        _window = new SourceWindow(correlation);
        _panels = new PanelLayout(kernel.GroupTargetChannels);
        _innerLength = correlation.TapCount * kernel.GroupSourceChannels;
        _parts = ProductParts.Divide(correlation, _window, batch, _panels.Count, _innerLength);
        _runs = Runs.OfTaps(correlation, _window, kernel.GroupSourceChannels);

        int columns = correlation.Columns.TargetCount;
        _sourceRows = GC.AllocateUninitializedArray<nint>(_parts.StripRows * columns, pinned: true);
        _targetRows = GC.AllocateUninitializedArray<nint>(_parts.StripRows * columns, pinned: true);
        for (int i = 0; i < _sourceRows.Length; i++)
        {
            (int row, int column) = Math.DivRem(i, columns);
            _sourceRows[i] = _window.TargetOffset(row, column);
            _targetRows[i] = TargetOffset(row, column);
        }
    }

    public override long PackedLength => IsPlain ? 0 : _kernel.Groups * _panels.PackedLength(_innerLength);

    public override int Parts => _parts.Count;

    public override long ScratchLength => _window.ScratchLength(_parts.StripRows);

    private bool IsPlain => _panels.IsPlain && _kernel.Groups == 1 && _kernel.IsRowMajor
        && _correlation is { Rows.KernelStep: 1, Columns.KernelStep: 1 };

    public override void Pack(float* kernel, float* packed)
    {
        if (IsPlain)
        {
            return;
        }

        for (int group = 0; group < _kernel.Groups; group++)
        {
            float* matrix = packed + (group * _panels.PackedLength(_innerLength));
            for (int panel = 0; panel < _panels.Count; panel++)
            {
                float* rows = matrix + _panels.PanelStart(panel, _innerLength);
                for (int tap = 0; tap < _correlation.TapCount; tap++)
                {
                    (int row, int column) = Math.DivRem(tap, _correlation.Columns.Taps);
                    float* weights = kernel
                        + _kernel.Offset(_correlation.KernelTap(row, column, _kernel.KernelWidth), group, _panels.FirstColumn(panel));
                    _kernel.PackTap(weights, rows, _panels.PanelColumns(panel), _panels.PanelWidth(panel));
                    rows += _kernel.GroupSourceChannels * _panels.PanelWidth(panel);
                }
            }
        }
    }

    public override void Run(float* source, float* packed, float* bias, float* target, int part, float* scratch)
    {
        ProductParts.Part work = _parts[part];
        fixed (nint* sourceRows = _sourceRows, targetRows = _targetRows, runs = _runs.Starts)
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
            for (int image = work.FirstImage; image < work.EndImage; image++)
            {
                float* window = _window.Open(
                    source + ((long)image * _correlation.SourceImageLength), work.FirstRow, work.Rows, scratch);
                float* output = target + ((long)image * _correlation.TargetImageLength) + TargetOffset(work.FirstRow, 0)
                    + (((long)_correlation.Rows.TargetStart * _correlation.Columns.TargetLength
                        + _correlation.Columns.TargetStart) * _correlation.TargetChannels);
                for (int group = 0; group < _kernel.Groups; group++)
                {
                    operands.Left = window + ((long)group * _kernel.GroupSourceChannels);
                    float* matrix = packed + (group * _panels.PackedLength(_innerLength));
                    for (int panel = work.FirstPanel; panel < work.EndPanel; panel++)
                    {
                        int column = (group * _kernel.GroupTargetChannels) + _panels.FirstColumn(panel);
                        operands.Right = matrix + _panels.PanelStart(panel, _innerLength);
                        operands.RightStep = _panels.PanelWidth(panel);
                        operands.Bias = bias == null ? null : bias + column;
                        operands.Output = output + column;
                        operands.LastCount = _panels.LastCount(panel);
                        TileSweep<TSimd, TVector>.Run(operands, _panels.Vectors(panel), rows);
                    }
                }
            }
        }
    }

    private nint TargetOffset(int row, int column) =>
        (((nint)row * _correlation.Rows.TargetStep * _correlation.Columns.TargetLength)
            + ((nint)column * _correlation.Columns.TargetStep)) * _correlation.TargetChannels;
}
