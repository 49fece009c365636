using System.CommandLine;
using System.Diagnostics.CodeAnalysis;

namespace Sepal.Cli.Framework;

/// <summary>Options that take sizes: numbers joined by <c>x</c>, height before width before channels.</summary>
internal static class SizeParsers
{
    /// <summary>Makes an option that takes one number for both directions, or height and width.</summary>
    /// <param name="name">The option, with its dashes.</param>
    /// <param name="description">What it means, a sentence.</param>
    /// <returns>The option, without a default.</returns>
    public static Option<Size2D> Size(string name, string description) =>
        OptionParsers.Create(
            name,
            description,
            "N|HxW",
            "one number (3) or height x width (3x5), each from 1 to 2147483647",
            (string text, out Size2D size) =>
            {
                bool understood = TryExtents(text, out int[] extents) && extents.Length is 1 or 2;
                size = understood ? new Size2D(extents[0], extents[^1]) : default;
                return understood;
            });

    /// <summary>Makes an option that takes the height, width and channels of an image.</summary>
    /// <param name="name">The option, with its dashes.</param>
    /// <param name="description">What it means, a sentence.</param>
    /// <returns>The option, without a default.</returns>
    public static Option<int[]> Image(string name, string description) =>
        OptionParsers.Create(
            name,
            description,
            "HxWxC",
            "height x width x channels (5x5x3), each from 1 to 2147483647",
            (string text, [MaybeNullWhen(false)] out int[] extents) => TryExtents(text, out extents) && extents.Length == 3);

    /// <summary>Makes an option that takes <c>valid</c>, <c>same</c> or a number of rows and columns for every side.</summary>
    /// <param name="name">The option, with its dashes.</param>
    /// <param name="description">What it means, a sentence.</param>
    /// <returns>The option, without a default.</returns>
    public static Option<Padding2D> Padding(string name, string description) =>
        OptionParsers.Create(
            name,
            description,
            "valid|same|N",
            "valid, same, or rows and columns on every side, from 0 to 2147483647",
            (string text, out Padding2D padding) =>
            {
                (bool understood, padding) = text.ToLowerInvariant() switch
                {
                    "valid" => (true, Padding2D.Valid),
                    "same" => (true, Padding2D.Same),
                    _ => (OptionParsers.TryWholeNumber(text, 0, int.MaxValue, out int size), size),
                };
                return understood;
            });

    private static bool TryExtents(string text, out int[] extents)
    {
        string[] parts = text.Split('x', 'X', '×');
        extents = new int[parts.Length];
        for (int index = 0; index < parts.Length; index++)
        {
            if (!OptionParsers.TryWholeNumber(parts[index], 1, int.MaxValue, out extents[index]))
            {
                return false;
            }
        }

        return true;
    }
}
