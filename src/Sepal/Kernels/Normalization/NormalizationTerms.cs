namespace Sepal.Kernels.Normalization;

/// <summary>The terms of <c>(x − mean)·factor + offset</c>, a number for every channel.</summary>
/// <param name="mean">What is subtracted.</param>
/// <param name="factor">γ/√(variance + ε).</param>
/// <param name="offset">β.</param>
internal readonly unsafe struct NormalizationTerms(float* mean, float* factor, float* offset)
{
    public float* Mean { get; } = mean;

    public float* Factor { get; } = factor;

    public float* Offset { get; } = offset;
}
