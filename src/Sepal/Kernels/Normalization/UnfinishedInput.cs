namespace Sepal.Kernels.Normalization;

/// <summary>
/// Values that a batch normalisation has still to write, with its activation, when a strip of them is first read: the strip is then
/// in a near cache. The default is values that need nothing done.
/// </summary>
/// <param name="kernel">What works them out.</param>
/// <param name="input">What is normalised.</param>
/// <param name="output">Where they are written.</param>
/// <param name="terms">By what.</param>
internal readonly unsafe struct UnfinishedInput(ActivatedNormalizationKernel kernel, float* input, float* output, NormalizationTerms terms)
{
    private readonly ActivatedNormalizationKernel? _kernel = kernel;

    /// <summary>What finishing reads, pixel by pixel; null where nothing is to be done.</summary>
    public float* Source => input;

    /// <summary>Writes the pixels from one to just before another.</summary>
    public void Finish(long from, long to)
    {
        if (_kernel is not null && from < to)
        {
            long start = from * _kernel.Channels;
            _kernel.Forward(input + start, output + start, to - from, terms);
        }
    }
}
