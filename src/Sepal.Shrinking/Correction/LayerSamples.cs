namespace Sepal.Shrinking;

/// <summary>
/// What a layer reads in the shrunk network and makes in the original one, at some positions of some images. Column after column,
/// so that the samples of one number lie beside each other. The first rows are to fit to, the others to judge by.
/// </summary>
/// <param name="rows">How many positions there are.</param>
/// <param name="fittedRows">How many of them are to fit to.</param>
/// <param name="channels">Channels of the input.</param>
/// <param name="taps">Taps of the kernel.</param>
/// <param name="filters">Channels of the output.</param>
internal sealed class LayerSamples(int rows, int fittedRows, int channels, int taps, int filters)
{
    /// <summary>How many positions there are.</summary>
    public int Rows { get; } = rows;

    /// <summary>How many of them are to fit to; the others are of other images.</summary>
    public int FittedRows { get; } = fittedRows;

    /// <summary>For each input channel and tap, what the kernel meets there.</summary>
    public float[] Windows { get; } = new float[checked((long)rows * channels * taps)];

    /// <summary>For each output channel, what the original made.</summary>
    public float[] Targets { get; } = new float[checked((long)rows * filters)];

    /// <summary>The samples of one tap of one input channel.</summary>
    public Span<float> Window(int channel, int tap) => Windows.AsSpan(checked(((channel * taps) + tap) * Rows), Rows);

    /// <summary>The samples of one output channel.</summary>
    public Span<float> Target(int filter) => Targets.AsSpan(filter * Rows, Rows);
}
