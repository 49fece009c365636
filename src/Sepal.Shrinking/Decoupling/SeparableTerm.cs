using Sepal.Graphs;

namespace Sepal.Shrinking;

/// <summary>The kernels of one depthwise-separable convolution, one of those that add up to a standard one.</summary>
public sealed class SeparableTerm
{
    private readonly float[] _depthwise;
    private readonly float[] _pointwise;

    internal SeparableTerm(Shape depthwiseShape, float[] depthwise, Shape pointwiseShape, float[] pointwise)
    {
        DepthwiseShape = depthwiseShape;
        PointwiseShape = pointwiseShape;
        _depthwise = depthwise;
        _pointwise = pointwise;
    }

    /// <summary>
    /// The shape of the depthwise kernel: <c>[height, width, 1, channels]</c>, the input's channels where it comes first and the
    /// output's where it comes second.
    /// </summary>
    public Shape DepthwiseShape { get; }

    /// <summary>The shape of the pointwise kernel: <c>[1, 1, input channels, filters]</c>.</summary>
    public Shape PointwiseShape { get; }

    /// <summary>The depthwise kernel, in storage order.</summary>
    public ReadOnlySpan<float> Depthwise => _depthwise;

    /// <summary>The pointwise kernel, in storage order.</summary>
    public ReadOnlySpan<float> Pointwise => _pointwise;
}
