using System.Numerics.Tensors;

namespace Sepal.Shrinking;

/// <summary>What a layer reads, less its means where the bias makes up for them.</summary>
internal sealed class LayerWindows
{
    private readonly LayerSamples _samples;
    private readonly double[] _means;

    /// <param name="layer">The layer.</param>
    /// <param name="samples">Its samples.</param>
    /// <param name="areCentred">Whether the means are taken off.</param>
    public LayerWindows(DecoupledLayer layer, LayerSamples samples, bool areCentred)
    {
        _samples = samples;
        Channels = layer.InputChannels;
        Taps = layer.Taps;
        Rows = samples.Rows;
        FittedRows = samples.FittedRows;
        _means = new double[Channels * Taps];
        if (areCentred)
        {
            Parallel.For(0, _means.Length, index =>
            {
                double sum = 0;
                foreach (float number in samples.Window(index / Taps, index % Taps)[..FittedRows])
                {
                    sum += number;
                }

                _means[index] = sum / FittedRows;
            });
        }
    }

    /// <summary>Channels of the input.</summary>
    public int Channels { get; }

    /// <summary>Taps of the kernel.</summary>
    public int Taps { get; }

    /// <summary>Samples.</summary>
    public int Rows { get; }

    /// <summary>Those to fit to; they come first.</summary>
    public int FittedRows { get; }

    /// <summary>The mean that is taken off what one tap meets of one channel.</summary>
    public double Mean(int channel, int tap) => _means[(channel * Taps) + tap];

    /// <summary>What one tap meets of one channel, in a range of samples.</summary>
    public void Read(int channel, int tap, int from, Span<double> destination)
    {
        TensorPrimitives.ConvertTruncating<float, double>(_samples.Window(channel, tap).Slice(from, destination.Length), destination);
        TensorPrimitives.Subtract<double>(destination, Mean(channel, tap), destination);
    }

    /// <summary>What all taps meet of one channel.</summary>
    public Columns OfChannel(int channel, int rows)
    {
        var columns = new Columns(rows, Taps);
        for (int tap = 0; tap < Taps; tap++)
        {
            Read(channel, tap, 0, columns[tap]);
        }

        return columns;
    }
}
