namespace Sepal.Shrinking;

/// <summary>
/// The order of the two steps that a standard convolution becomes: the two forms of Guo et al., "Network Decoupling: From Regular
/// to Depthwise Separable Convolutions", https://arxiv.org/abs/1808.05517.
/// </summary>
public enum DecouplingForm
{
    /// <summary>
    /// A depthwise convolution with rank filters for each input channel, then a pointwise one that mixes them: the order of
    /// MobileNet and of Keras's SeparableConv2D. Exact at a rank of min(kernel positions, output channels).
    /// </summary>
    DepthwisePointwise,

    /// <summary>
    /// A pointwise convolution to rank channels for each output channel, then a depthwise one, and the sum of each output
    /// channel's terms. Exact at a rank of min(kernel positions, input channels).
    /// </summary>
    PointwiseDepthwise,
}
