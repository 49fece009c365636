using Sepal.Graphs;

namespace Sepal.Operators;

/// <summary>A window sliding over an image: what convolution and pooling share, and the arithmetic of its output size.</summary>
/// <param name="KernelSize">Taps down and across.</param>
/// <param name="Strides">Steps down and across.</param>
/// <param name="DilationRate">Distance between taps; 1 for adjacent ones.</param>
/// <param name="Padding">How far it reaches past the edge.</param>
/// <param name="CeilMode">
/// Whether a last window that reaches past the padded input counts, as long as it begins within the input or the padding before it.
/// </param>
public readonly record struct Window2D(
    Size2D KernelSize, Size2D Strides, Size2D DilationRate, Padding2D Padding, bool CeilMode = false)
{
    /// <summary>Input rows and columns from the first tap to the last: <c>(kernel − 1)·dilation + 1</c>.</summary>
    public (long Height, long Width) Extent =>
        (((long)(KernelSize.Height - 1) * DilationRate.Height) + 1, ((long)(KernelSize.Width - 1) * DilationRate.Width) + 1);

    /// <summary>The output's height and width.</summary>
    /// <param name="call">The node, for messages.</param>
    /// <param name="height">The input's height; may be open.</param>
    /// <param name="width">The input's width; may be open.</param>
    /// <returns>The output's height and width.</returns>
    /// <exception cref="GraphException">An attribute is not positive, or the window is larger than the padded input.</exception>
    public (Dimension Height, Dimension Width) OutputSize(OperatorCall call, Dimension height, Dimension width)
    {
        ArgumentNullException.ThrowIfNull(call);
        RequirePositive(call, KernelSize, "kernel size");
        RequirePositive(call, Strides, "strides");
        RequirePositive(call, DilationRate, "dilation rate");
        if (Padding is { Top: < 0 } or { Left: < 0 } or { Bottom: < 0 } or { Right: < 0 })
        {
            throw call.Error($"the padding is {Padding}", "Padding must not be negative.");
        }

        return (
            OutputLength(call, "height", height, Extent.Height, Strides.Height, (Padding.Top, Padding.Bottom)),
            OutputLength(call, "width", width, Extent.Width, Strides.Width, (Padding.Left, Padding.Right)));
    }

    /// <summary>The rows above and the columns to the left for a concrete input.</summary>
    /// <param name="inputHeight">The input's height.</param>
    /// <param name="inputWidth">The input's width.</param>
    /// <returns>The padding before the first row and column.</returns>
    public (int Top, int Left) LeadingPadding(int inputHeight, int inputWidth) => Padding.Mode switch
    {
        PaddingMode.Valid => (0, 0),
        PaddingMode.Same => (
            LeadingSame(inputHeight, Extent.Height, Strides.Height), LeadingSame(inputWidth, Extent.Width, Strides.Width)),
        _ => (Padding.Top, Padding.Left),
    };

    private static int LeadingSame(int input, long extent, int stride)
    {
        long output = (input + (long)stride - 1) / stride;
        return (int)(Math.Max(((output - 1) * stride) + extent - input, 0) / 2);
    }

    private static void RequirePositive(OperatorCall call, Size2D size, string name)
    {
        if (size.Height < 1 || size.Width < 1)
        {
            throw call.Error($"the {name} is {size}", $"Give a {name} of at least 1 in both directions.");
        }
    }

    private Dimension OutputLength(OperatorCall call, string axis, Dimension input, long extent, int stride, (long Before, long After) sides)
    {
        if (Padding.Mode == PaddingMode.Same)
        {
            return Dimension.CeilingDivide(input, stride);
        }

        long padding = sides.Before + sides.After;
        if (input.IsKnown && input.Value + padding < extent)
        {
            string dilated = DilationRate == 1 ? string.Empty : $" at dilation {DilationRate}";
            throw call.Error(
                $"the window {KernelSize}{dilated} covers {extent} in {axis}, but the padded input has only {input.Value + padding}",
                "Use a smaller window, a larger input, or padding 'same'.");
        }

        // Rounded up, ⌈(input + padding − extent) / stride⌉ + 1, unless the last of these begins in the padding after the input.
        return CeilMode
            ? Dimension.CeilingDivide(input + sides.Before + Math.Min(0, sides.After - extent + stride), stride)
            : Dimension.FloorDivide(input + padding - extent, stride) + 1;
    }
}
