using System.Collections.Immutable;
using System.CommandLine;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using Sepal.Cli.Framework;
using Sepal.Data;
using Sepal.Data.Augmentations;

namespace Sepal.Cli.Training;

/// <summary><c>--augment</c>: names of augmentations, each with how much of it if wanted: <c>flip,crop:0.1,rotate:15</c>.</summary>
internal static class AugmentationOption
{
    private static readonly ImmutableArray<(string Name, Func<float?, Augmentation> Create)> Known =
    [
        ("flip", amount => amount is { } share ? new RandomFlip { Probability = share } : new RandomFlip()),
        ("crop", amount => amount is { } padding ? new RandomCrop { Padding = padding } : new RandomCrop()),
        ("rotate", amount => amount is { } degrees ? new RandomRotation { Degrees = degrees } : new RandomRotation()),
        ("zoom", amount => amount is { } area ? new RandomZoom { SmallestArea = area } : new RandomZoom()),
        ("color", amount => amount is { } strength ? new RandomColor { Strength = strength } : new RandomColor()),
        ("cutout", amount => amount is { } side ? new Cutout { Side = side } : new Cutout()),
    ];

    /// <summary>Makes the option.</summary>
    /// <returns>The option; nothing is augmented where it is not given.</returns>
    public static Option<string> Create() => OptionParsers.Create(
        "--augment",
        "Random changes of the images to train on, made in this order: flip (left to right), crop (shift by up to 0.125 of the side), "
        + "rotate (by up to 10 degrees), zoom (into 0.5 of the area or more), color (brightness, contrast, saturation by up to 0.2), "
        + "cutout (a square of 0.25 of the side). Another number behind a colon: rotate:15.",
        "NAME[:X],…",
        $"some of {Names}, each with a number behind a colon if wanted: flip,rotate:15",
        (string text, [MaybeNullWhen(false)] out string value) =>
        {
            value = text;
            return text is "none" || TryParse(text) is not null;
        });

    /// <summary>Makes the augmentations.</summary>
    /// <param name="text">What was typed, checked; empty or <c>none</c> for none.</param>
    /// <returns>The augmentations, in order.</returns>
    /// <exception cref="UsageException">A number is out of its bounds.</exception>
    public static ImmutableArray<Augmentation> Parse(string text)
    {
        if (text is "" or "none")
        {
            return [];
        }

        try
        {
            return [.. TryParse(text)!.Select(item => item.Create(item.Amount))];
        }
        catch (DataException error)
        {
            throw new UsageException($"--augment: received '{text}'. {error.Message}");
        }
    }

    private static string Names => string.Join(", ", Known.Select(item => item.Name));

    private static List<(Func<float?, Augmentation> Create, float? Amount)>? TryParse(string text)
    {
        var items = new List<(Func<float?, Augmentation>, float?)>();
        foreach (string part in text.Split(','))
        {
            string[] pieces = part.Split(':');
            Func<float?, Augmentation>? create = Known.FirstOrDefault(item => item.Name == pieces[0].Trim()).Create;
            float amount = 0;
            if (create is null || pieces.Length > 2
                || (pieces.Length == 2 && !float.TryParse(pieces[1], NumberStyles.Float, CultureInfo.InvariantCulture, out amount)))
            {
                return null;
            }

            items.Add((create, pieces.Length == 2 ? amount : null));
        }

        return items;
    }
}
