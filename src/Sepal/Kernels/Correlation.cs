namespace Sepal.Kernels;

/// <summary>
/// A correlation of a source image with taps of a kernel into (a part of) a target image, both NHWC. A convolution
/// is one; its gradient by input is one for every phase of its strides.
/// </summary>
internal readonly record struct Correlation
{
    public required CorrelationAxis Rows { get; init; }

    public required CorrelationAxis Columns { get; init; }

    public required int SourceChannels { get; init; }

    public required int TargetChannels { get; init; }

    public int SourceImageLength => Rows.SourceLength * Columns.SourceLength * SourceChannels;

    public int TargetImageLength => Rows.TargetLength * Columns.TargetLength * TargetChannels;

    /// <summary>Whether every position of the target is computed.</summary>
    public bool IsWhole => Rows.TargetCount == Rows.TargetLength && Columns.TargetCount == Columns.TargetLength;

    public int TapCount => Rows.Taps * Columns.Taps;

    /// <summary>The convolution itself: from input to output.</summary>
    public static Correlation Forward(in ConvolutionGeometry geometry) => new()
    {
        Rows = CorrelationAxis.Forward(
            geometry.InputHeight, geometry.OutputHeight, geometry.KernelHeight,
            geometry.StrideHeight, geometry.DilationHeight, geometry.PaddingTop),
        Columns = CorrelationAxis.Forward(
            geometry.InputWidth, geometry.OutputWidth, geometry.KernelWidth,
            geometry.StrideWidth, geometry.DilationWidth, geometry.PaddingLeft),
        SourceChannels = geometry.InputChannels,
        TargetChannels = geometry.OutputChannels,
    };

    /// <summary>The gradient by input: from output gradient to input gradient, covering every input position once.</summary>
    public static Correlation[] InputGradient(ConvolutionGeometry geometry)
    {
        CorrelationAxis[] columns =
        [
            .. CorrelationAxis.InputGradient(
                geometry.InputWidth, geometry.OutputWidth, geometry.KernelWidth,
                geometry.StrideWidth, geometry.DilationWidth, geometry.PaddingLeft),
        ];
        return
        [
            .. from row in CorrelationAxis.InputGradient(
                    geometry.InputHeight, geometry.OutputHeight, geometry.KernelHeight,
                    geometry.StrideHeight, geometry.DilationHeight, geometry.PaddingTop)
               from column in columns
               select new Correlation
               {
                   Rows = row,
                   Columns = column,
                   SourceChannels = geometry.OutputChannels,
                   TargetChannels = geometry.InputChannels,
               },
        ];
    }

    /// <summary>The position in the kernel, in taps, of a tap of this correlation.</summary>
    public int KernelTap(int row, int column, int kernelWidth) =>
        ((Rows.KernelStart + (row * Rows.KernelStep)) * kernelWidth) + Columns.KernelStart + (column * Columns.KernelStep);
}
