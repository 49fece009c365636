using System.Collections.Immutable;
using Sepal.Graphs;

namespace Sepal.Operators;

/// <summary>What a convolution is, by its groups and kernel.</summary>
public enum ConvolutionKind
{
    /// <summary>Every output channel reads every input channel through a kernel larger than 1×1.</summary>
    Standard,

    /// <summary>1×1 over all channels: a matrix product at every position.</summary>
    Pointwise,

    /// <summary>Every output channel reads one input channel.</summary>
    Depthwise,

    /// <summary>Channels in several groups of more than one.</summary>
    Grouped,
}

/// <summary>
/// Two-dimensional convolution (cross-correlation, as every framework has it) of an NHWC image with a kernel
/// <c>[height, width, input channels / groups, output channels]</c> and, optionally, a bias <c>[output channels]</c>.
/// Standard, grouped, depthwise and pointwise are one operator, told apart by <see cref="KindFor"/>.
/// MACs: kernel area × input channels / groups × output elements. Element operations: one an output element where there
/// is a bias.
/// </summary>
/// <param name="Filters">Output channels.</param>
/// <param name="KernelSize">Taps down and across.</param>
public sealed record Convolution(int Filters, Size2D KernelSize) : Operator
{
    /// <summary>Steps down and across.</summary>
    public Size2D Strides { get; init; } = 1;

    /// <summary>Distance between taps.</summary>
    public Size2D DilationRate { get; init; } = 1;

    /// <summary>How far the kernel reaches past the edge.</summary>
    public Padding2D Padding { get; init; } = Padding2D.Valid;

    /// <summary>Groups of channels that do not mix; the input's channels for depthwise.</summary>
    public int Groups { get; init; } = 1;

    /// <summary>The window's arithmetic.</summary>
    public Window2D Window => new(KernelSize, Strides, DilationRate, Padding);

    /// <summary>What this convolution is on an input of so many channels.</summary>
    /// <param name="inputChannels">The input's channels.</param>
    /// <returns>The kind. One input channel and one group make a standard or pointwise one.</returns>
    public ConvolutionKind KindFor(long inputChannels) => Groups switch
    {
        1 => KernelSize.Area == 1 ? ConvolutionKind.Pointwise : ConvolutionKind.Standard,
        _ => Groups == inputChannels ? ConvolutionKind.Depthwise : ConvolutionKind.Grouped,
    };

    /// <inheritdoc/>
    public override ElementOperationKind ElementOperationKind => ElementOperationKind.Bias;

    /// <inheritdoc/>
    public override ImmutableArray<TensorSpec> InferOutputs(OperatorCall call)
    {
        ArgumentNullException.ThrowIfNull(call);
        call.RequireCount(2, 3, "an image, a kernel and optionally a bias");
        TensorSpec image = call.RequireRank(0, 4, "batch, height, width, channels");
        int channels = call.RequireKnownChannels(0);
        if (Filters < 1)
        {
            throw call.Error($"it has {Filters} filters", "Give at least 1.");
        }

        if (Groups < 1 || channels % Groups != 0 || Filters % Groups != 0)
        {
            throw call.Error(
                $"{Groups} groups divide neither {channels} input channels into {Filters} filters evenly",
                "Groups must be at least 1 and divide both the input's channels and the filters.");
        }

        (Dimension height, Dimension width) = Window.OutputSize(call, image.Shape[1], image.Shape[2]);
        call.RequireShape(
            1, [KernelSize.Height, KernelSize.Width, channels / Groups, Filters], "the kernel [height, width, input channels / groups, filters]");
        if (call.Inputs.Length == 3)
        {
            call.RequireShape(2, [Filters], "the bias [filters]");
        }

        return [new TensorSpec([image.Shape[0], height, width, Filters])];
    }

    /// <inheritdoc/>
    public override OperatorCost Cost(OperatorCall call, ImmutableArray<TensorSpec> outputs)
    {
        ArgumentNullException.ThrowIfNull(call);
        Dimension elements = outputs[0].Shape.ElementCount;
        Dimension taps = KernelSize.Area * (call.Inputs[0].Channels.Value / Groups);
        return CostOf(call, outputs, elements * taps, call.Inputs.Length == 3 ? elements : 0);
    }
}
