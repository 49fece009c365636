using Sepal.Graphs;

namespace Sepal.Costs;

/// <summary>One convolution, to be looked at in its standard and its separable form.</summary>
/// <param name="Input">The input of one example: height, width, channels.</param>
/// <param name="Filters">Output channels.</param>
/// <param name="KernelSize">Taps down and across.</param>
public sealed record ConvolutionSetting(Shape Input, int Filters, Size2D KernelSize)
{
    /// <summary>Steps down and across.</summary>
    public Size2D Strides { get; init; } = 1;

    /// <summary>How far the kernel reaches past the edge.</summary>
    public Padding2D Padding { get; init; } = Padding2D.Valid;

    /// <summary>Distance between taps.</summary>
    public Size2D DilationRate { get; init; } = 1;

    /// <summary>Intermediate channels an input channel, in the separable form.</summary>
    public int DepthMultiplier { get; init; } = 1;

    /// <summary>Whether a bias is added: one in either form, to the result.</summary>
    public bool UseBias { get; init; }
}
