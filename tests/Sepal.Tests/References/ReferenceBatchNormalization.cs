namespace Sepal.Tests.References;

/// <summary>Batch normalisation over the last axis, and the statistics it takes.</summary>
internal static class ReferenceBatchNormalization
{
    public static double[] Forward(
        double[] input, double[] gamma, double[] beta, double[] mean, double[] variance, double epsilon)
    {
        int channels = gamma.Length;
        return [.. input.Select((value, index) =>
        {
            int channel = index % channels;
            return (gamma[channel] * (value - mean[channel]) / Math.Sqrt(variance[channel] + epsilon)) + beta[channel];
        })];
    }

    public static double[] Mean(double[] input, int channels) =>
        [.. Enumerable.Range(0, channels).Select(channel => Column(input, channels, channel).Average())];

    /// <summary>The biased variance.</summary>
    public static double[] Variance(double[] input, int channels) =>
        [.. Enumerable.Range(0, channels).Select(channel =>
        {
            double mean = Column(input, channels, channel).Average();
            return Column(input, channels, channel).Average(value => (value - mean) * (value - mean));
        })];

    private static IEnumerable<double> Column(double[] input, int channels, int channel)
    {
        for (int index = channel; index < input.Length; index += channels)
        {
            yield return input[index];
        }
    }
}
