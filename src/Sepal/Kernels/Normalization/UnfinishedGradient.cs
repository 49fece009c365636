namespace Sepal.Kernels.Normalization;

/// <summary>
/// A gradient that still is the one by a batch normalisation's output, and becomes the one by its input, in place, when a strip of
/// it is first read: the strip is then in a near cache. The default is a gradient that needs nothing done.
/// </summary>
/// <param name="kernel">What works it out.</param>
/// <param name="input">What was normalised.</param>
/// <param name="gradient">The gradient.</param>
/// <param name="terms">The terms of the forward pass.</param>
/// <param name="coefficients">As for <see cref="ActivatedNormalizationKernel.Input"/>.</param>
internal readonly unsafe struct UnfinishedGradient(
    ActivatedNormalizationKernel kernel, float* input, float* gradient, NormalizationTerms terms, float* coefficients)
{
    private readonly ActivatedNormalizationKernel? _kernel = kernel;

    /// <summary>What finishing reads, pixel by pixel; null where nothing is to be done.</summary>
    public float* Source => input;

    /// <summary>Finishes the pixels from one to just before another.</summary>
    public void Finish(long from, long to)
    {
        if (_kernel is not null)
        {
            long start = from * _kernel.Channels;
            _kernel.Input(input + start, gradient + start, gradient + start, to - from, terms, coefficients);
        }
    }
}
