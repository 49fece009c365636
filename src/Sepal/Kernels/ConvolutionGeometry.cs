namespace Sepal.Kernels;

/// <summary>
/// All the numbers of one concrete two-dimensional convolution. Images are NHWC; the kernel is
/// <c>[KernelHeight, KernelWidth, InputChannels / Groups, OutputChannels]</c>, where the output channels of
/// group g are the g-th run of <c>OutputChannels / Groups</c>. Depthwise is <c>Groups == InputChannels</c>,
/// with output channel <c>c·multiplier + m</c> reading input channel c.
/// </summary>
internal readonly record struct ConvolutionGeometry
{
    public required int Batch { get; init; }

    public required int InputHeight { get; init; }

    public required int InputWidth { get; init; }

    public required int InputChannels { get; init; }

    public required int OutputHeight { get; init; }

    public required int OutputWidth { get; init; }

    public required int OutputChannels { get; init; }

    public int Groups { get; init; } = 1;

    public required int KernelHeight { get; init; }

    public required int KernelWidth { get; init; }

    public int StrideHeight { get; init; } = 1;

    public int StrideWidth { get; init; } = 1;

    public int DilationHeight { get; init; } = 1;

    public int DilationWidth { get; init; } = 1;

    /// <summary>Rows of zeros above the image. The rows below follow from the output height.</summary>
    public int PaddingTop { get; init; }

    /// <summary>Columns of zeros left of the image. The columns to the right follow from the output width.</summary>
    public int PaddingLeft { get; init; }

    public ConvolutionGeometry()
    {
    }

    /// <summary>Input channels that one output channel reads.</summary>
    public int GroupInputChannels => InputChannels / Groups;

    /// <summary>Output channels of one group; for depthwise, the depth multiplier.</summary>
    public int GroupOutputChannels => OutputChannels / Groups;

    /// <summary>Taps of the kernel: its height times its width.</summary>
    public int KernelArea => KernelHeight * KernelWidth;

    /// <summary>Floats of one input image.</summary>
    public int InputImageLength => InputHeight * InputWidth * InputChannels;

    /// <summary>Floats of one output image.</summary>
    public int OutputImageLength => OutputHeight * OutputWidth * OutputChannels;

    /// <summary>Floats of the kernel.</summary>
    public int KernelLength => KernelArea * GroupInputChannels * OutputChannels;

    /// <summary>Whether every output pixel is made of the input pixel at its place alone.</summary>
    public bool IsPixelwise => this is { KernelHeight: 1, KernelWidth: 1, StrideHeight: 1, StrideWidth: 1, PaddingTop: 0, PaddingLeft: 0 }
        && InputHeight == OutputHeight && InputWidth == OutputWidth;

    /// <summary>
    /// A pointwise convolution does not know its images: all pixels of the batch become the rows of one matrix.
    /// </summary>
    public ConvolutionGeometry WithoutImages()
    {
        if (!IsPixelwise)
        {
            return this;
        }

        int pixels = Batch * InputHeight * InputWidth;
        return this with
        {
            Batch = 1,
            InputHeight = pixels,
            InputWidth = 1,
            OutputHeight = pixels,
            OutputWidth = 1,
            DilationHeight = 1,
            DilationWidth = 1,
        };
    }
}
