using System.Collections.Immutable;
using Sepal.Graphs;

namespace Sepal.Operators;

/// <summary>
/// Transposed ("fractionally strided") convolution of an NHWC image: what the gradient of a <see cref="Convolution"/> by its input
/// is. Every input pixel adds the kernel, times itself, to the output, <see cref="Strides"/> apart. The kernel is
/// <c>[height, width, filters / groups, input channels]</c>: that of the convolution whose transpose it is. A bias is an addition of
/// its own. MACs: kernel area × filters / groups × input elements.
/// </summary>
/// <param name="Filters">Output channels.</param>
/// <param name="KernelSize">Taps down and across.</param>
public sealed record ConvolutionTranspose(int Filters, Size2D KernelSize) : Operator
{
    /// <summary>Output rows and columns from one input pixel's kernel to the next one's.</summary>
    public Size2D Strides { get; init; } = 1;

    /// <summary>Distance between taps.</summary>
    public Size2D DilationRate { get; init; } = 1;

    /// <summary>Rows and columns that are cut off the output; numbers, or none.</summary>
    public Padding2D Padding { get; init; } = Padding2D.Valid;

    /// <summary>Rows and columns added to the output at the bottom and right, before cutting.</summary>
    public Size2D OutputPadding { get; init; }

    /// <summary>Groups of channels that do not mix.</summary>
    public int Groups { get; init; } = 1;

    /// <inheritdoc/>
    public override ImmutableArray<TensorSpec> InferOutputs(OperatorCall call)
    {
        ArgumentNullException.ThrowIfNull(call);
        call.RequireCount(2, 2, "an image and a kernel");
        TensorSpec image = call.RequireRank(0, 4, "batch, height, width, channels");
        int channels = call.RequireKnownChannels(0);
        if (Filters < 1 || Groups < 1 || channels % Groups != 0 || Filters % Groups != 0)
        {
            throw call.Error(
                $"{Groups} groups do not divide {channels} input channels into {Filters} filters evenly",
                "Groups and filters must be at least 1, and groups divide both the input's channels and the filters.");
        }

        foreach ((Size2D size, string name) in new[] { (KernelSize, "kernel size"), (Strides, "strides"), (DilationRate, "dilation rate") })
        {
            if (size.Height < 1 || size.Width < 1)
            {
                throw call.Error($"the {name} is {size}", $"Give a {name} of at least 1 in both directions.");
            }
        }

        if (OutputPadding is { Height: < 0 } or { Width: < 0 } || Padding.Mode == PaddingMode.Same
            || Padding is { Top: < 0 } or { Left: < 0 } or { Bottom: < 0 } or { Right: < 0 })
        {
            throw call.Error($"the padding is {Padding} and the output padding {OutputPadding}", "Give numbers of at least 0.");
        }

        call.RequireShape(
            1, [KernelSize.Height, KernelSize.Width, Filters / Groups, channels], "the kernel [height, width, filters / groups, input channels]");
        (long tall, long wide) = new Window2D(KernelSize, Strides, DilationRate, Padding).Extent;
        return [new TensorSpec(
        [
            image.Shape[0],
            Length(call, image.Shape[1], Strides.Height, tall + OutputPadding.Height - Padding.Top - Padding.Bottom),
            Length(call, image.Shape[2], Strides.Width, wide + OutputPadding.Width - Padding.Left - Padding.Right),
            Filters,
        ])];
    }

    /// <inheritdoc/>
    public override OperatorCost Cost(OperatorCall call, ImmutableArray<TensorSpec> outputs)
    {
        ArgumentNullException.ThrowIfNull(call);
        return CostOf(call, outputs, call.Inputs[0].Shape.ElementCount * KernelSize.Area * (Filters / Groups), 0);
    }

    private static Dimension Length(OperatorCall call, Dimension input, int stride, long added)
    {
        Dimension length = ((input - 1) * stride) + added;
        return length is not { IsKnown: true, Value: < 1 }
            ? length
            : throw call.Error($"the padding leaves {length} rows or columns", "Cut off less.");
    }
}
