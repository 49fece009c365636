using Sepal.Graphs;
using Sepal.Operators;

namespace Sepal.Inference.Rewrites;

/// <summary>
/// A convolution or dense layer with what is computed along with it, while its results are in registers or in the nearest cache:
/// <c>activation(normalization(convolution(data · scale) + bias) + residual)</c>. Its inputs, after the data, are
/// the kernel, then as far as they are there the bias, γ, β, mean, variance, scale and residual.
/// </summary>
/// <param name="Product">The convolution or dense layer, at its place in the original graph, which tells its shapes.</param>
internal sealed record FusedConvolution(Node Product)
{
    /// <summary>Whether the data are NCHW, rather than NHWC as everywhere else.</summary>
    public bool IsPlanar { get; init; }

    /// <summary>Whether there is a bias of its own.</summary>
    public bool HasBias { get; init; }

    /// <summary>The ε of the batch normalisation that is folded into the kernel; null where there is none.</summary>
    public float? Epsilon { get; init; }

    /// <summary>Whether the data are multiplied by a factor for every image and channel first.</summary>
    public bool HasScale { get; init; }

    /// <summary>Whether a tensor like the result is added to it.</summary>
    public bool HasResidual { get; init; }

    /// <summary>The function applied last, or null.</summary>
    public Unary? Activation { get; init; }

    /// <summary>How many inputs there are after the data.</summary>
    public int InputCount => 1 + Count(HasBias) + NormalizationCount + Count(HasScale) + Count(HasResidual);

    /// <summary>Where the γ is among the inputs after the data; β, mean and variance follow.</summary>
    public int NormalizationIndex => 1 + Count(HasBias);

    /// <summary>Where the scale is among the inputs after the data.</summary>
    public int ScaleIndex => NormalizationIndex + NormalizationCount;

    /// <summary>Where the residual is among the inputs after the data.</summary>
    public int ResidualIndex => ScaleIndex + Count(HasScale);

    /// <summary>Whether the convolution is 1×1 at every pixel, over all channels.</summary>
    public bool IsPointwise => Product.Operator is Dense
        || Product.Operator is Convolution { KernelSize.Area: 1, Groups: 1 } convolution
            && convolution.Strides == 1 && convolution.Padding is { Top: 0, Left: 0, Bottom: 0, Right: 0 };

    /// <summary>Whether every output channel reads one input channel.</summary>
    public bool IsDepthwise => Product.Operator is Convolution { Groups: > 1 } convolution
        && convolution.KindFor(Product.Inputs[0].Spec.Channels.Value) == ConvolutionKind.Depthwise;

    private int NormalizationCount => Epsilon is null ? 0 : 4;

    private static int Count(bool isThere) => isThere ? 1 : 0;
}
