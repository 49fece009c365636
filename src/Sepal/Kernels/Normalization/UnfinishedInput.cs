namespace Sepal.Kernels.Normalization;

/// <summary>
/// Values that a batch normalisation, with its activation, has still to work out when a strip of them is first read: the strip is then
/// in a near cache. They may have a place of their own, or be worked out anew for everything that reads them. The default is values that need nothing done.
/// </summary>
/// <param name="kernel">What works them out.</param>
/// <param name="source">What is normalised.</param>
/// <param name="output">Where they are written; null where they have no place of their own.</param>
/// <param name="terms">By what.</param>
internal readonly unsafe struct UnfinishedInput(ActivatedNormalizationKernel kernel, float* source, float* output, NormalizationTerms terms)
{
    private readonly ActivatedNormalizationKernel? _kernel = kernel;

    /// <summary>What is normalised, pixel by pixel; null where nothing is to be done.</summary>
    public float* Source => source;

    /// <summary>Whether the values have no place of their own.</summary>
    public bool IsUnwritten => _kernel is not null && output == null;

    /// <summary>The same values, to be written to another place.</summary>
    public UnfinishedInput Into(float* place) => new(_kernel!, source, place, terms);

    /// <summary>Writes the pixels from one to just before another.</summary>
    public void Finish(long from, long to)
    {
        if (_kernel is not null && from < to)
        {
            long start = from * _kernel.Channels;
            _kernel.Forward(source + start, output + start, to - from, terms);
        }
    }

    /// <summary>Writes a few channels of some pixels next to each other.</summary>
    /// <param name="pixel">The first pixel's first channel, in <see cref="Source"/>.</param>
    /// <param name="destination">Where to.</param>
    /// <param name="pixels">How many pixels.</param>
    /// <param name="channel">The first channel.</param>
    /// <param name="width">How many channels.</param>
    public void CopyChannels(float* pixel, float* destination, int pixels, int channel, int width) =>
        _kernel!.ForwardChannels(pixel, destination, pixels, channel, width, terms);
}
