using Sepal.Kernels.Elementwise;

namespace Sepal.Kernels.Rows;

/// <summary>What becomes of a convolution's results before they are written.</summary>
internal sealed record Epilogue
{
    /// <summary>The lower bound.</summary>
    public float Low { get; init; } = float.NegativeInfinity;

    /// <summary>The upper bound.</summary>
    public float High { get; init; } = float.PositiveInfinity;

    /// <summary>A function that is more than bounds, applied after them.</summary>
    public UnaryKernel? Curve { get; init; }

    /// <summary>Whether there are bounds.</summary>
    public bool Clamps => !float.IsNegativeInfinity(Low) || !float.IsPositiveInfinity(High);
}
