namespace Sepal.Architectures;

/// <summary>How a width multiplier scales channels.</summary>
internal static class ChannelRounding
{
    /// <summary>
    /// The multiple of 8 nearest to so many channels, at least 8, and the next one where that would lose more than a tenth:
    /// <c>make_divisible</c> of the MobileNet authors' code.
    /// </summary>
    /// <param name="channels">The channels before rounding.</param>
    /// <returns>The channels.</returns>
    /// <exception cref="SepalException">They do not fit 32 bits.</exception>
    public static int ToMultipleOf8(double channels)
    {
        const int Divisor = 8;
        double rounded = Math.Max(Divisor, Math.Floor((channels + (Divisor / 2)) / Divisor) * Divisor);
        rounded += rounded < 0.9 * channels ? Divisor : 0;
        return rounded <= int.MaxValue
            ? (int)rounded
            : throw new SepalException($"A layer would have {channels:G6} channels, more than a tensor can. Choose a smaller width.");
    }
}
