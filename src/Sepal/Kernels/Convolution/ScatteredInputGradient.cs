using Sepal.Kernels.MatrixProducts;
using Sepal.Kernels.Simd;

namespace Sepal.Kernels.Convolution;

/// <summary>
/// The gradient by input of an unpadded convolution, computed from the output's side: for each row of taps, every output
/// pixel's product with the weights is added where that pixel's window lies in the input. From the input's side
/// (<see cref="CorrelationProduct"/>) most pixels near the border meet taps that are not there: a 3×3 convolution of
/// 13×13 pixels would take 169 / 121 of the work.
/// </summary>
internal sealed unsafe class ScatteredInputGradient<TSimd, TVector> : CorrelationProduct
    where TSimd : ISimd<TVector>
    where TVector : struct
{
    /// <summary>Multiply-adds worth handing to a thread: some ten microseconds.</summary>
    private const long SmallestPart = 1 << 19;

    private readonly ConvolutionGeometry _geometry;
    private readonly KernelLayout _kernel;
    private readonly PanelLayout _panels;
    private readonly int _imagesPerPart;

    // Pinned. For each output pixel, where it lies in its image, and where its window starts in the input.
    private readonly nint[] _outputPixels;
    private readonly nint[] _windows;

    public ScatteredInputGradient(in ConvolutionGeometry geometry)
    {
        _geometry = geometry;

        // A whole row of taps counts as one: its input channels are contiguous in the kernel and in the input.
        int columns = geometry.KernelWidth * geometry.InputChannels;
        _kernel = KernelLayout.Transposed(geometry) with
        {
            GroupTargetChannels = columns,
            TapStride = columns * geometry.OutputChannels,
            KernelWidth = 1,
        };
        _panels = new PanelLayout(columns);
        long imageWork = (long)geometry.OutputHeight * geometry.OutputWidth * geometry.KernelLength;
        _imagesPerPart = (int)Math.Clamp(SmallestPart / imageWork, 1, geometry.Batch);
        int pixels = geometry.OutputHeight * geometry.OutputWidth;
        _outputPixels = GC.AllocateUninitializedArray<nint>(pixels, pinned: true);
        _windows = GC.AllocateUninitializedArray<nint>(pixels, pinned: true);
        for (int i = 0; i < pixels; i++)
        {
            (int row, int column) = Math.DivRem(i, geometry.OutputWidth);
            _outputPixels[i] = (nint)i * geometry.OutputChannels;
            _windows[i] = (((nint)row * geometry.StrideHeight * geometry.InputWidth)
                + ((nint)column * geometry.StrideWidth)) * geometry.InputChannels;
        }
    }

    public override long PackedLength => _geometry.KernelHeight * _panels.PackedLength(_geometry.OutputChannels);

    public override int Parts => (_geometry.Batch + _imagesPerPart - 1) / _imagesPerPart;

    public override long ScratchLength => 0;

    public override long[]? TargetPixels
    {
        get
        {
            long imagePixels = (long)_geometry.InputHeight * _geometry.InputWidth;
            return [.. Enumerable.Range(0, Parts).Select(part => part * _imagesPerPart * imagePixels), _geometry.Batch * imagePixels];
        }
    }

    public override void Pack(float* kernel, float* packed, int part)
    {
        for (int row = 0; row < _geometry.KernelHeight; row++)
        {
            for (int panel = 0; panel < _panels.Count; panel++)
            {
                _kernel.PackTap(
                    kernel + _kernel.Offset(row, group: 0, _panels.FirstColumn(panel)),
                    packed + _panels.PanelStart(panel, _geometry.OutputChannels),
                    _panels.PanelColumns(panel), _panels.PanelWidth(panel));
            }

            packed += _panels.PackedLength(_geometry.OutputChannels);
        }
    }

    public override void Run(float* source, float* packed, float* bias, float* target, int part, float* scratch, float* companion = null)
    {
        nint run = 0;
        int first = part * _imagesPerPart;
        nint tapRow = (nint)_geometry.DilationHeight * _geometry.InputWidth * _geometry.InputChannels;
        fixed (nint* outputPixels = _outputPixels, windows = _windows)
        {
            TileOperands operands = new()
            {
                LeftRows = outputPixels,
                LeftStep = 1,
                Runs = &run,
                RunCount = 1,
                RunLength = _geometry.OutputChannels,
                OutputRows = windows,
                Accumulate = true,
            };
            for (int image = first; image < Math.Min(first + _imagesPerPart, _geometry.Batch); image++)
            {
                float* input = target + ((long)image * _geometry.InputImageLength);
                new Span<float>(input, _geometry.InputImageLength).Clear();
                operands.Left = source + ((long)image * _geometry.OutputImageLength);
                for (int row = 0; row < _geometry.KernelHeight; row++)
                {
                    float* matrix = packed + (row * _panels.PackedLength(_geometry.OutputChannels));
                    for (int panel = 0; panel < _panels.Count; panel++)
                    {
                        operands.Right = matrix + _panels.PanelStart(panel, _geometry.OutputChannels);
                        operands.RightStep = _panels.PanelWidth(panel);
                        operands.Output = input + (row * tapRow) + _panels.FirstColumn(panel);
                        operands.LastCount = _panels.LastCount(panel);
                        TileSweep<TSimd, TVector>.Run(operands, _panels.Vectors(panel), _windows.Length);
                    }
                }
            }
        }
    }
}
