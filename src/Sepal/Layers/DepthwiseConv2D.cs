using System.Collections.Immutable;
using Sepal.Graphs;
using Sepal.Operators;
using Sepal.Training.Initializers;

namespace Sepal.Layers;

/// <summary>
/// Depthwise convolution: each input channel has <see cref="DepthMultiplier"/> filters of its own,
/// <c>(batch, height, width, channels)</c> to <c>(batch, height, width, channels·multiplier)</c>.
/// </summary>
/// <remarks>PyTorch's <c>nn.Conv2d</c> with <c>groups</c> equal to the input channels.</remarks>
/// <param name="kernelSize">Taps down and across.</param>
public sealed class DepthwiseConv2D(Size2D kernelSize) : Layer
{
    /// <summary>Taps down and across.</summary>
    public Size2D KernelSize { get; init; } = kernelSize;

    /// <summary>Steps down and across.</summary>
    public Size2D Strides { get; init; } = 1;

    /// <summary>How far the kernel reaches past the edge.</summary>
    public Padding2D Padding { get; init; } = Padding2D.Valid;

    /// <summary>Distance between taps. May be combined with strides.</summary>
    public Size2D DilationRate { get; init; } = 1;

    /// <summary>Output channels an input channel.</summary>
    public int DepthMultiplier { get; init; } = 1;

    /// <summary>Applied to the result, if given.</summary>
    public IActivation? Activation { get; init; }

    /// <summary>Whether a bias is added.</summary>
    public bool UseBias { get; init; } = true;

    /// <summary>The kernel before training.</summary>
    public Initializer DepthwiseInitializer { get; init; } = VarianceScaling.GlorotUniform;

    /// <summary>The bias before training.</summary>
    public Initializer BiasInitializer { get; init; } = Constant.Zeros;

    /// <summary>λ of a penalty λ·Σw² on the kernel; 0 for none.</summary>
    public float DepthwiseL2 { get; init; }

    /// <inheritdoc/>
    protected internal override Value Lower(LayerContext context, ImmutableArray<Value> inputs)
    {
        ArgumentNullException.ThrowIfNull(context);
        Value input = context.Single(inputs);
        (Convolution convolution, Parameter kernel) = Describe(
            context, input, KernelSize, Strides, Padding, DilationRate, DepthMultiplier, DepthwiseInitializer, DepthwiseL2);
        Value result = UseBias
            ? context.Add(convolution, [input, kernel, context.Parameter("bias", [convolution.Filters], BiasInitializer)])
            : context.Add(convolution, [input, kernel]);
        return context.Activate(Activation, result);
    }

    /// <summary>The depthwise operator and its kernel, for this layer and for <see cref="SeparableConv2D"/>.</summary>
    internal static (Convolution Convolution, Parameter Kernel) Describe(
        LayerContext context,
        Value input,
        Size2D kernelSize,
        Size2D strides,
        Padding2D padding,
        Size2D dilationRate,
        int depthMultiplier,
        Initializer initializer,
        float l2)
    {
        int channels = context.Channels(input, rank: 4);
        if (depthMultiplier < 1)
        {
            throw context.Error($"the depth multiplier is {depthMultiplier}", "Give at least 1.");
        }

        ConvolutionOptions.Require(context, outputs: 1, kernelSize, strides, dilationRate);
        int outputs = checked(channels * depthMultiplier);

        // Keras computes the fans from its kernel shape [height, width, channels, multiplier].
        Parameter kernel = context.Parameter(
            "depthwise_kernel",
            [kernelSize.Height, kernelSize.Width, 1, outputs],
            initializer,
            new Fans(kernelSize.Area * channels, kernelSize.Area * depthMultiplier),
            l2: l2);
        var convolution = new Convolution(outputs, kernelSize)
        {
            Strides = strides,
            Padding = padding,
            DilationRate = dilationRate,
            Groups = channels,
        };
        return (convolution, kernel);
    }
}
