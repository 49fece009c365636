using System.Collections.Immutable;
using Sepal.Onnx;

namespace Sepal.Data;

/// <summary>How pixels of 0 to 255 become a model's numbers: <c>(pixel·scale − mean) / deviation</c>, channel by channel.</summary>
internal sealed class PixelNormalization
{
    private readonly double _scale;
    private readonly double[] _mean;
    private readonly double[] _deviation;
    private readonly int[] _source;

    /// <summary>Takes the numbers of a description. A scale that is 1/n is taken as a division by n: 255 becomes 1.</summary>
    /// <param name="preprocessing">The description.</param>
    /// <exception cref="DataException">Its numbers do not fit its channels.</exception>
    public PixelNormalization(ImagePreprocessing preprocessing)
    {
        Channels = preprocessing.Channels == ImageChannels.Grey ? 1 : 3;
        RequireChannels(preprocessing.Mean, "mean");
        RequireChannels(preprocessing.StandardDeviation, "standard deviation");
        if (preprocessing.StandardDeviation.Contains(0))
        {
            throw new DataException("The standard deviation has a 0, which cannot be divided by. Give numbers above 0.");
        }

        double inverse = Math.Round(1 / (double)preprocessing.Scale);
        _scale = preprocessing.Scale == (float)(1 / inverse) ? 1 / inverse : preprocessing.Scale;
        _mean = [.. Enumerable.Range(0, Channels).Select(channel => preprocessing.Mean.IsEmpty ? 0.0 : preprocessing.Mean[channel])];
        _deviation = [.. Enumerable.Range(0, Channels).Select(
            channel => preprocessing.StandardDeviation.IsEmpty ? 1.0 : preprocessing.StandardDeviation[channel])];
        _source = [.. Enumerable.Range(0, Channels).Select(channel => preprocessing.Channels == ImageChannels.Bgr ? 2 - channel : channel)];
    }

    /// <summary>Numbers a pixel.</summary>
    public int Channels { get; }

    /// <summary>Normalises an image.</summary>
    /// <param name="pixels">The rows from the top; grey, or red, green and blue together; 0 to 255.</param>
    /// <param name="destination">As many numbers, channels in the model's order.</param>
    /// <param name="channelsFirst">Whether the channels come before the rows, as in ONNX files.</param>
    public void Apply(ReadOnlySpan<float> pixels, Span<float> destination, bool channelsFirst = false)
    {
        int area = pixels.Length / Channels;
        for (int channel = 0; channel < Channels; channel++)
        {
            (double mean, double deviation) = (_mean[channel], _deviation[channel]);
            int from = _source[channel];
            int to = channelsFirst ? channel * area : channel;
            int step = channelsFirst ? 1 : Channels;
            for (int pixel = 0; pixel < area; pixel++, from += Channels, to += step)
            {
                destination[to] = (float)(((pixels[from] * _scale) - mean) / deviation);
            }
        }
    }

    private void RequireChannels(ImmutableArray<float> numbers, string what)
    {
        if (!numbers.IsEmpty && (numbers.Length != Channels || !numbers.All(float.IsFinite)))
        {
            throw new DataException(
                $"The {what} is {string.Join(", ", numbers)}. Expected nothing or {Channels} finite {(Channels == 1 ? "number" : "numbers")}, one a channel.");
        }
    }
}
