namespace Sepal.Kernels.Rows;

/// <summary>
/// A convolution of one image, some target rows at a time, with everything that is fused to it. Immutable: any number of
/// threads may use an instance at once. An output's bits do not depend on which rows are computed together.
/// </summary>
internal abstract unsafe class ConvolutionRows(in ConvolutionGeometry geometry)
{
    public ConvolutionGeometry Geometry { get; } = geometry;

    /// <summary>The rows of the target, and which source rows each reads.</summary>
    public CorrelationAxis Rows { get; } = Correlation.Forward(geometry).Rows;

    /// <summary>Floats of the packed kernel and bias.</summary>
    public abstract long PackedLength { get; }

    /// <summary>Floats of scratch that a call needs.</summary>
    public abstract long ScratchLength { get; }

    /// <summary>Blocks of target channels that can be computed apart.</summary>
    public abstract int Blocks { get; }

    /// <summary>Chooses the kernels for a convolution.</summary>
    /// <param name="geometry">The convolution; of its batch, one image at a time is computed.</param>
    /// <param name="epilogue">What becomes of the results.</param>
    /// <param name="isScaled">Whether source channels are multiplied by factors first; for pointwise ones.</param>
    /// <param name="isPlanar">Whether the source is planar: NCHW.</param>
    /// <param name="shares">Threads among which channels are to be shared as equally as they come.</param>
    public static ConvolutionRows Create(
        in ConvolutionGeometry geometry, Epilogue epilogue, bool isScaled = false, bool isPlanar = false, int shares = 1) =>
        DepthwiseStage.Suits(geometry)
            ? new DepthwiseStage(geometry, epilogue)
            : ProductRows.Create(geometry, epilogue, isScaled, isPlanar, shares);

    /// <summary>Packs the kernel <c>[height, width, input channels / groups, output channels]</c> and the bias, which may be null.</summary>
    public abstract void Pack(float* kernel, float* bias, float* packed);

    /// <summary>Computes some target rows.</summary>
    public abstract void Run(in RowOperands operands);
}
