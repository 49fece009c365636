using System.Globalization;

namespace Sepal.Cli.Costs;

/// <summary>Numbers with units, as people write and read them.</summary>
internal static class Quantities
{
    private static readonly (string Suffix, decimal Factor)[] Counts = [("K", 1e3m), ("M", 1e6m), ("G", 1e9m), ("T", 1e12m)];

    private static readonly (string Suffix, decimal Factor)[] Bytes =
    [
        ("KiB", 1024m), ("MiB", 1024m * 1024), ("GiB", 1024m * 1024 * 1024), ("KB", 1e3m), ("MB", 1e6m), ("GB", 1e9m), ("B", 1),
    ];

    /// <summary>Reads a count: <c>300M</c>, <c>4.2K</c>, <c>1000</c>.</summary>
    /// <param name="text">The text.</param>
    /// <param name="count">The count, rounded down.</param>
    /// <returns>Whether it is one of at least 1.</returns>
    public static bool TryCount(string text, out long count) => TryParse(text, Counts, out count);

    /// <summary>Reads a number of bytes: <c>20MiB</c>, <c>512KB</c>, <c>1000</c>.</summary>
    /// <param name="text">The text.</param>
    /// <param name="bytes">The bytes, rounded down.</param>
    /// <returns>Whether it is one of at least 1.</returns>
    public static bool TryBytes(string text, out long bytes) => TryParse(text, Bytes, out bytes);

    /// <summary>Writes a count shortly: <c>569 M</c>, <c>4.23 M</c>, <c>12</c>.</summary>
    /// <param name="count">The count.</param>
    /// <returns>The text.</returns>
    public static string Short(double count) => count switch
    {
        >= 1e12 => Digits(count / 1e12) + " T",
        >= 1e9 => Digits(count / 1e9) + " G",
        >= 1e6 => Digits(count / 1e6) + " M",
        >= 1e4 => Digits(count / 1e3) + " K",
        _ => count.ToString("0", CultureInfo.InvariantCulture),
    };

    /// <summary>Writes bytes shortly: <c>13.4 MiB</c>.</summary>
    /// <param name="bytes">The bytes.</param>
    /// <returns>The text.</returns>
    public static string ShortBytes(double bytes) => bytes switch
    {
        >= 1024.0 * 1024 * 1024 => Digits(bytes / (1024.0 * 1024 * 1024)) + " GiB",
        >= 1024 * 1024 => Digits(bytes / (1024 * 1024)) + " MiB",
        >= 1024 => Digits(bytes / 1024) + " KiB",
        _ => bytes.ToString("0", CultureInfo.InvariantCulture) + " B",
    };

    private static string Digits(double value) =>
        value.ToString(value >= 99.95 ? "0" : value >= 9.995 ? "0.0" : "0.00", CultureInfo.InvariantCulture);

    private static bool TryParse(string text, (string Suffix, decimal Factor)[] units, out long value)
    {
        decimal factor = 1;
        foreach ((string suffix, decimal multiple) in units)
        {
            if (text.EndsWith(suffix, StringComparison.OrdinalIgnoreCase))
            {
                text = text[..^suffix.Length];
                factor = multiple;
                break;
            }
        }

        value = 0;
        if (!decimal.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out decimal number)
            || number > long.MaxValue / factor)
        {
            return false;
        }

        value = (long)(number * factor);
        return value >= 1;
    }
}
