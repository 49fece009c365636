namespace Sepal.Kernels.Normalization;

/// <summary>
/// The gradient by a batch normalisation's input, still to be made of the one by its output, when a strip of it is first read: the
/// strip is then in a near cache. The default is a gradient that needs nothing done.
/// </summary>
/// <param name="kernel">What works it out.</param>
/// <param name="source">What was normalised.</param>
/// <param name="outputGradient">The gradient by the output.</param>
/// <param name="inputGradient">The gradient by the input; may be the same memory.</param>
/// <param name="terms">The terms of the forward pass.</param>
/// <param name="coefficients">As for <see cref="ActivatedNormalizationKernel.Input"/>.</param>
internal readonly unsafe struct UnfinishedGradient(
    ActivatedNormalizationKernel kernel, float* source, float* outputGradient, float* inputGradient, NormalizationTerms terms, float* coefficients)
{
    private readonly ActivatedNormalizationKernel? _kernel = kernel;

    /// <summary>What finishing reads, pixel by pixel; null where nothing is to be done.</summary>
    public float* Source => source;

    /// <summary>Finishes the pixels from one to just before another.</summary>
    public void Finish(long from, long to)
    {
        if (_kernel is not null)
        {
            long start = from * _kernel.Channels;
            _kernel.Input(source + start, outputGradient + start, inputGradient + start, to - from, terms, coefficients);
        }
    }
}
