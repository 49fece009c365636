using System.Globalization;

namespace Sepal.Costs;

/// <summary>What the roofline model knows of a machine.</summary>
/// <param name="FlopsPerSecond">The most floating-point operations a second; one multiply-add is two.</param>
/// <param name="BytesPerSecond">The most bytes a second between the processor and main memory, read and written.</param>
public sealed record Machine(double FlopsPerSecond, double BytesPerSecond)
{
    private static readonly (char Suffix, double Factor)[] Factors = [('k', 1e3), ('M', 1e6), ('G', 1e9), ('T', 1e12)];

    /// <summary>The operations a byte at which both limits meet: below, memory limits; above, arithmetic.</summary>
    public double RidgePoint => FlopsPerSecond / BytesPerSecond;

    /// <summary>
    /// Measures this machine for about a second: the peak as <see cref="MachinePeak"/> does, the bandwidth by adding two arrays
    /// into a third that are larger than any cache, as STREAM does (McCalpin, 1995).
    /// </summary>
    /// <param name="threads">Threads that work at the same time; at least 1.</param>
    /// <returns>The machine.</returns>
    /// <exception cref="ArgumentOutOfRangeException">There are no threads.</exception>
    public static Machine Measure(int threads = 1) =>
        new(MachinePeak.Measure(threads) * 1e9, MachineBandwidth.Measure(threads));

    /// <summary>Reads <c>peak=200G,bandwidth=20G</c>: operations and bytes a second, with k, M, G or T for their multiples.</summary>
    /// <param name="text">The text.</param>
    /// <returns>The machine.</returns>
    /// <exception cref="SepalException">The text is not of that form.</exception>
    public static Machine Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        double? peak = null;
        double? bandwidth = null;
        foreach (string part in text.Split(','))
        {
            string[] pair = part.Split('=', 2, StringSplitOptions.TrimEntries);
            double? value = pair.Length == 2 ? Number(pair[1]) : null;
            switch (pair[0].ToLowerInvariant())
            {
                case "peak" when value is not null && peak is null:
                    peak = value;
                    break;
                case "bandwidth" when value is not null && bandwidth is null:
                    bandwidth = value;
                    break;
                default:
                    throw Error(text);
            }
        }

        return peak is { } flops && bandwidth is { } bytes ? new Machine(flops, bytes) : throw Error(text);
    }

    /// <summary>The least time that a node's work takes: the longer of its operations at the peak and its bytes at the bandwidth.</summary>
    /// <param name="counts">The work of one node.</param>
    /// <returns>Seconds.</returns>
    public double Seconds(CostCounts counts)
    {
        ArgumentNullException.ThrowIfNull(counts);
        return Math.Max(counts.Operations / FlopsPerSecond, counts.Bytes / BytesPerSecond);
    }

    /// <summary>Whether memory rather than arithmetic limits a node's work.</summary>
    /// <param name="counts">The work of one node.</param>
    /// <returns>True if its bytes take longer than its operations.</returns>
    public bool IsMemoryBound(CostCounts counts)
    {
        ArgumentNullException.ThrowIfNull(counts);
        return counts.Bytes / BytesPerSecond > counts.Operations / FlopsPerSecond;
    }

    private static double? Number(string text)
    {
        double factor = 1;
        foreach ((char suffix, double multiple) in Factors)
        {
            if (text.EndsWith(suffix))
            {
                text = text[..^1];
                factor = multiple;
                break;
            }
        }

        return double.TryParse(text, NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent, CultureInfo.InvariantCulture, out double number)
            && number > 0 && double.IsFinite(number * factor)
                ? number * factor
                : null;
    }

    private static SepalException Error(string text) => new(
        $"The machine '{text}' is not understood. Expected its FLOP and its bytes a second, such as peak=200G,bandwidth=20G.");
}
