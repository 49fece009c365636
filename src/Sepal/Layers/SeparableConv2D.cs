using System.Collections.Immutable;
using Sepal.Graphs;
using Sepal.Operators;
using Sepal.Training.Initializers;

namespace Sepal.Layers;

/// <summary>
/// Depthwise-separable convolution as Keras defines it: a depthwise convolution, then a pointwise one; one bias, after the
/// pointwise; no activation between. <c>(batch, height, width, channels)</c> to <c>(batch, height, width, filters)</c>.
/// Its kernels hold k·k·M·multiplier + M·multiplier·N numbers where a standard convolution's hold k·k·M·N.
/// </summary>
/// <param name="filters">Output channels.</param>
/// <param name="kernelSize">Taps of the depthwise step, down and across.</param>
public sealed class SeparableConv2D(int filters, Size2D kernelSize) : Layer
{
    /// <summary>Output channels.</summary>
    public int Filters { get; init; } = filters;

    /// <summary>Taps of the depthwise step, down and across.</summary>
    public Size2D KernelSize { get; init; } = kernelSize;

    /// <summary>Steps of the depthwise step, down and across.</summary>
    public Size2D Strides { get; init; } = 1;

    /// <summary>How far the kernel reaches past the edge.</summary>
    public Padding2D Padding { get; init; } = Padding2D.Valid;

    /// <summary>Distance between taps. May be combined with strides.</summary>
    public Size2D DilationRate { get; init; } = 1;

    /// <summary>Intermediate channels an input channel.</summary>
    public int DepthMultiplier { get; init; } = 1;

    /// <summary>Applied to the result, if given.</summary>
    public IActivation? Activation { get; init; }

    /// <summary>Whether a bias is added, after the pointwise step.</summary>
    public bool UseBias { get; init; } = true;

    /// <summary>The depthwise kernel before training.</summary>
    public Initializer DepthwiseInitializer { get; init; } = VarianceScaling.GlorotUniform;

    /// <summary>The pointwise kernel before training.</summary>
    public Initializer PointwiseInitializer { get; init; } = VarianceScaling.GlorotUniform;

    /// <summary>The bias before training.</summary>
    public Initializer BiasInitializer { get; init; } = Constant.Zeros;

    /// <summary>λ of a penalty λ·Σw² on the depthwise kernel; 0 for none.</summary>
    public float DepthwiseL2 { get; init; }

    /// <summary>λ of a penalty λ·Σw² on the pointwise kernel; 0 for none.</summary>
    public float PointwiseL2 { get; init; }

    /// <inheritdoc/>
    protected internal override Value Lower(LayerContext context, ImmutableArray<Value> inputs)
    {
        ArgumentNullException.ThrowIfNull(context);
        Value input = context.Single(inputs);
        ConvolutionOptions.Require(context, Filters, KernelSize, Strides, DilationRate);
        (Convolution depthwise, Parameter depthwiseKernel) = DepthwiseConv2D.Describe(
            context, input, KernelSize, Strides, Padding, DilationRate, DepthMultiplier, DepthwiseInitializer, DepthwiseL2);
        Value spatial = context.Add(depthwise, [input, depthwiseKernel], "depthwise");
        Parameter pointwiseKernel = context.Parameter(
            "pointwise_kernel",
            [1, 1, depthwise.Filters, Filters],
            PointwiseInitializer,
            new Fans(depthwise.Filters, Filters),
            l2: PointwiseL2);
        var pointwise = new Convolution(Filters, 1);
        Value result = UseBias
            ? context.Add(pointwise, [spatial, pointwiseKernel, context.Parameter("bias", [Filters], BiasInitializer)], "pointwise")
            : context.Add(pointwise, [spatial, pointwiseKernel], "pointwise");
        return context.Activate(Activation, result);
    }
}
