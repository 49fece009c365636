using Sepal.Layers;
using Sepal.Training.Initializers;
using IActivation = Sepal.Operators.IActivation;
using Unary = Sepal.Operators.Unary;
using UnaryFunction = Sepal.Operators.UnaryFunction;

namespace Sepal.Architectures;

/// <summary>What architectures are put together from: layers under the paths that reports group by.</summary>
/// <param name="architecture">Whose options hold.</param>
internal sealed class Blocks(Architecture architecture)
{
    /// <summary>
    /// What the variance of a residual branch's last weights is multiplied by before training: were the branch as large as what it
    /// is added to, each block would double the mean square.
    /// </summary>
    public const float ResidualGain = 0.25f;

    /// <summary>
    /// What a gate around one half takes from the mean square: a convolution behind it starts with weights that give it back.
    /// </summary>
    public const float GateGain = 4;

    /// <summary>A convolution without bias, batch normalisation and, unless null, an activation.</summary>
    /// <param name="input">Feature maps.</param>
    /// <param name="name">The path that the three layers' names begin with.</param>
    /// <param name="filters">Output channels.</param>
    /// <param name="kernelSize">Taps down and across.</param>
    /// <param name="strides">Steps down and across.</param>
    /// <param name="activation">The activation.</param>
    /// <param name="padding">The architecture's own rule where not given.</param>
    /// <param name="gain">A factor of the weights' variance before training.</param>
    public LayerOutput Convolution(
        LayerOutput input,
        string name,
        int filters,
        Size2D kernelSize,
        Size2D strides,
        IActivation? activation,
        Padding2D? padding = null,
        float gain = 1)
    {
        LayerOutput result = new Conv2D(filters, kernelSize)
        {
            Name = $"{name}/conv",
            Strides = strides,
            Padding = padding ?? architecture.PaddingFor(kernelSize),
            UseBias = false,
            KernelInitializer = VarianceOf(gain * GainBefore(activation)),
        }.Apply(input);
        return Normalize(result, name, activation);
    }

    /// <summary>A depthwise convolution without bias, batch normalisation and, unless null, an activation.</summary>
    /// <param name="input">Feature maps.</param>
    /// <param name="name">The path that the three layers' names begin with.</param>
    /// <param name="kernelSize">Taps down and across.</param>
    /// <param name="strides">Steps down and across.</param>
    /// <param name="activation">The activation.</param>
    public LayerOutput Depthwise(LayerOutput input, string name, Size2D kernelSize, Size2D strides, IActivation? activation)
    {
        LayerOutput result = new DepthwiseConv2D(kernelSize)
        {
            Name = $"{name}/conv",
            Strides = strides,
            Padding = architecture.PaddingFor(kernelSize),
            UseBias = false,
            DepthwiseInitializer = DepthwiseInitializer(GainBefore(activation)),
        }.Apply(input);
        return Normalize(result, name, activation);
    }

    /// <summary>
    /// A depthwise-separable convolution with nothing between its steps and without bias, then batch normalisation: Xception's.
    /// </summary>
    public LayerOutput Separable(LayerOutput input, string name, int filters, float gain)
    {
        LayerOutput result = new SeparableConv2D(filters, 3)
        {
            Name = $"{name}/conv",
            Padding = architecture.PaddingFor(3),
            UseBias = false,
            DepthwiseInitializer = DepthwiseInitializer(1),
            PointwiseInitializer = VarianceOf(gain),
        }.Apply(input);
        return Normalize(result, name, activation: null);
    }

    /// <summary>An activation as a layer of its own.</summary>
    public static LayerOutput Activate(LayerOutput input, string name, IActivation activation) =>
        new Activation(activation) { Name = $"{name}/{activation.Name.ToLowerInvariant()}" }.Apply(input);

    /// <summary>The inverted residual block (MobileNetV2, arXiv 1801.04381): expand, depthwise, gate, project, add.</summary>
    /// <param name="input">Feature maps.</param>
    /// <param name="channels">Their channels.</param>
    /// <param name="name">The block's name.</param>
    /// <param name="block">What varies between blocks.</param>
    public LayerOutput InvertedResidual(LayerOutput input, int channels, string name, InvertedResidual block)
    {
        bool isResidual = block.Strides == 1 && channels == block.Filters;
        LayerOutput result = block.Expanded == channels
            ? input
            : Convolution(input, $"{name}/expand", block.Expanded, 1, 1, block.Activation);
        result = Depthwise(result, $"{name}/depthwise", block.KernelSize, block.Strides, block.Activation);
        float gain = isResidual ? ResidualGain : 1;
        if (block.SqueezeUnits > 0)
        {
            gain *= GateGain;
            result = new SqueezeExcite(block.SqueezeUnits)
            {
                Name = $"{name}/squeeze_excite",
                Activation = block.SqueezeActivation,
                Gate = block.Gate,
                KernelInitializer = VarianceOf(0.1f),
            }.Apply(result);
        }

        result = Convolution(result, $"{name}/project", block.Filters, 1, 1, activation: null, gain: gain);
        return isResidual ? new Add { Name = $"{name}/add" }.Apply(input, result) : result;
    }

    /// <summary>A maximum over windows that moves by strides; nothing where they are 1.</summary>
    /// <param name="input">Feature maps.</param>
    /// <param name="name">The layer's name.</param>
    /// <param name="poolSize">The window's height and width.</param>
    /// <param name="strides">Steps down and across.</param>
    /// <param name="padding">How far the window reaches past the edge.</param>
    public static LayerOutput MaxPooling(LayerOutput input, string name, Size2D poolSize, Size2D strides, Padding2D padding) => strides == 1
        ? input
        : new MaxPooling2D(poolSize) { Name = name, Strides = strides, Padding = padding }.Apply(input);

    /// <summary>A fully connected layer with a bias and an activation.</summary>
    /// <param name="input">Rows of features.</param>
    /// <param name="name">The layer's name.</param>
    /// <param name="units">Output features.</param>
    /// <param name="activation">The activation.</param>
    public static LayerOutput Dense(LayerOutput input, string name, int units, IActivation activation) => new Dense(units)
    {
        Name = name,
        Activation = activation,
        KernelInitializer = VarianceOf(GainBefore(activation)),
    }.Apply(input);

    /// <summary>Dropout, if there is any, the scores of the classes, and the last activation.</summary>
    /// <param name="features">Rows of features.</param>
    public LayerOutput Classifier(LayerOutput features)
    {
        LayerOutput result = architecture.DropoutRate > 0
            ? new Dropout(architecture.DropoutRate) { Name = "dropout" }.Apply(features)
            : features;
        return new Dense(architecture.Classes)
        {
            Name = "predictions",
            Activation = architecture.ClassifierActivation,
            KernelInitializer = VarianceOf(1),
        }.Apply(result);
    }

    /// <summary>The factor of the weights' variance that keeps the mean square of a standard normal value past an activation.</summary>
    /// <param name="activation">The activation, or null.</param>
    public static float GainBefore(IActivation? activation) => activation switch
    {
        null => 1,
        Unary { Function: UnaryFunction.Swish or UnaryFunction.HardSwish } => 2.5f,
        _ => 2,
    };

    // Each filter sees one channel, so that its inputs are its taps, which are the depthwise kernel's second fan.
    private static VarianceScaling DepthwiseInitializer(float gain) => VarianceOf(gain) with { Mode = FanMode.Out };

    // Uniform numbers are as good as normal ones, and made many times faster.
    private static VarianceScaling VarianceOf(float gain) => new() { Scale = gain, Uniform = true };

    private LayerOutput Normalize(LayerOutput input, string name, IActivation? activation)
    {
        LayerOutput result = new BatchNormalization
        {
            Name = $"{name}/batch_normalization",
            Momentum = architecture.BatchNormalizationMomentum,
            Epsilon = architecture.BatchNormalizationEpsilon,
        }.Apply(input);
        return activation is null ? result : Activate(result, name, activation);
    }
}
