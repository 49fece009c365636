using Sepal.Layers;
using Sepal.Operators;

namespace Sepal.Architectures;

/// <summary>What varies between inverted residual blocks.</summary>
/// <param name="Expanded">Channels of the depthwise step; the expansion is left out where the block's input has as many.</param>
/// <param name="Filters">Output channels.</param>
/// <param name="KernelSize">Taps of the depthwise step.</param>
/// <param name="Strides">Steps of the depthwise step.</param>
/// <param name="Activation">Applied after expansion and depthwise step.</param>
internal sealed record InvertedResidual(int Expanded, int Filters, Size2D KernelSize, Size2D Strides, IActivation Activation)
{
    /// <summary>Channels inside squeeze and excitation; 0 for none.</summary>
    public int SqueezeUnits { get; init; }

    /// <summary>Applied inside squeeze and excitation.</summary>
    public IActivation SqueezeActivation { get; init; } = Activations.Relu;

    /// <summary>Applied to what multiplies the channels.</summary>
    public IActivation Gate { get; init; } = Activations.Sigmoid;
}
