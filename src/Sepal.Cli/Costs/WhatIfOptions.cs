using System.Collections.Immutable;
using System.CommandLine;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using Sepal.Architectures;
using Sepal.Cli.Framework;
using Sepal.Costs.WhatIf;

namespace Sepal.Cli.Costs;

/// <summary>The options that ask what a change of the model would cost.</summary>
internal sealed class WhatIfOptions
{
    private const int MostItems = 64;

    private readonly Option<bool> _separate = new("--separate")
    {
        Description = "What every standard convolution would cost as a separable one, and as a sum of 2, 3 and 4.",
    };

    private readonly Option<bool> _deeper = new("--deeper")
    {
        Description = "How many more layers the saving of separable convolutions buys at equal parameters, MACs or roofline time.",
    };

    private readonly Option<double[]> _widths = OptionParsers.Create(
        "--width",
        "Channels times each of these, for an architecture.",
        "A,B,…",
        "numbers above 0 with commas between them (0.25,0.5,1)",
        (string text, [MaybeNullWhen(false)] out double[] widths) => TryList(text, TryWidth, out widths));

    private readonly Option<Size2D[]> _resolutions = OptionParsers.Create(
        "--resolution",
        "Images of each of these heights and widths.",
        "N|HxW,…",
        "numbers (128) or height x width (128x160) with commas between them, each from 1 to 2147483647",
        (string text, [MaybeNullWhen(false)] out Size2D[] resolutions) => TryList(text, TryResolution, out resolutions));

    private delegate bool TryParse<T>(string text, [MaybeNullWhen(false)] out T value);

    /// <summary>All of them.</summary>
    public ImmutableArray<Option> All => [_separate, _deeper, _widths, _resolutions];

    /// <summary>Whether one is given.</summary>
    /// <param name="arguments">The parsed options.</param>
    /// <returns>Whether.</returns>
    public bool IsGiven(ParseResult arguments) => All.Any(option => arguments.GetResult(option) is { Implicit: false });

    /// <summary>Asks what was given.</summary>
    /// <param name="arguments">The parsed options.</param>
    /// <param name="model">The model.</param>
    /// <param name="classes">The number of classes, if given.</param>
    /// <returns>The answers.</returns>
    public WhatIf Answer(ParseResult arguments, CountedModel model, int? classes) => new(
        model,
        arguments.GetValue(_separate) ? Separation.Of(model.Graph, model.Options, 1, 2, 3, 4) : null,
        arguments.GetValue(_deeper)
            ? [.. Enum.GetValues<DeeperMeasure>()
                .Where(measure => measure != DeeperMeasure.RooflineTime || model.Options.Machine is not null)
                .Select(measure => DeeperModel.Of(model.Graph, measure, model.Options))]
            : [],
        Scale(model, arguments.GetValue(_widths) ?? [], arguments.GetValue(_resolutions) ?? [], classes));

    private static ImmutableArray<ScaledModel> Scale(CountedModel model, double[] widths, Size2D[] resolutions, int? classes)
    {
        if (widths.Length == 0 && resolutions.Length == 0)
        {
            return [];
        }

        if (!model.Source.IsFile)
        {
            int[] input = [.. model.Input.Select(extent => checked((int)extent))];
            Architecture architecture = model.Source.WithOptions(input, classes);
            return ScaledModel.Of(architecture, [.. widths], [.. resolutions], model.Options);
        }

        return widths.Length == 0
            ? [.. resolutions.Select(resolution => ScaledFile.At(model, resolution))]
            : throw new UsageException(
                $"--width: received '{string.Join(',', widths.Select(width => width.ToString(CultureInfo.InvariantCulture)))}' for the file "
                + $"'{model.Name}', whose channels are fixed; expected an architecture ({string.Join(", ", Architecture.Names)}).");
    }

    private static bool TryList<T>(string text, TryParse<T> parse, out T[] items)
    {
        string[] parts = text.Split(',', StringSplitOptions.TrimEntries);
        items = new T[parts.Length];
        if (parts.Length > MostItems)
        {
            return false;
        }

        for (int index = 0; index < parts.Length; index++)
        {
            if (!parse(parts[index], out items[index]!))
            {
                return false;
            }
        }

        return true;
    }

    private static bool TryWidth(string text, out double width) =>
        double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out width) && width > 0 && double.IsFinite(width);

    private static bool TryResolution(string text, out Size2D size)
    {
        string[] parts = text.Split('x', 'X', '×');
        int width = 0;
        bool understood = parts.Length is 1 or 2
            & OptionParsers.TryWholeNumber(parts[0], 1, int.MaxValue, out int height)
            && OptionParsers.TryWholeNumber(parts[^1], 1, int.MaxValue, out width);
        size = understood ? new Size2D(height, width) : default;
        return understood;
    }
}
