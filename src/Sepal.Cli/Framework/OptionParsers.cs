using System.CommandLine;
using System.CommandLine.Parsing;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Numerics;

namespace Sepal.Cli.Framework;

/// <summary>Turns a typed value into a <typeparamref name="T"/>.</summary>
/// <typeparam name="T">The option's type.</typeparam>
/// <param name="text">The value as it was typed.</param>
/// <param name="value">The value, where it can be understood.</param>
/// <returns>Whether it can.</returns>
internal delegate bool OptionParser<T>(string text, [MaybeNullWhen(false)] out T value);

/// <summary>Makes options whose values are checked, and whose errors all read alike.</summary>
internal static class OptionParsers
{
    /// <summary>Makes an option that takes one value.</summary>
    /// <typeparam name="T">The option's type.</typeparam>
    /// <param name="name">The option, with its dashes.</param>
    /// <param name="description">What it means, a sentence.</param>
    /// <param name="valueName">What the value is called in help, for example <c>N</c>.</param>
    /// <param name="expected">What values are right, a phrase for the error message.</param>
    /// <param name="parse">The rule.</param>
    /// <returns>The option, without a default.</returns>
    public static Option<T> Create<T>(string name, string description, string valueName, string expected, OptionParser<T> parse) =>
        new(name)
        {
            Description = description,
            HelpName = valueName,
            Arity = ArgumentArity.ExactlyOne,
            CustomParser = result => Parse(result, name, expected, parse),
        };

    /// <summary>Makes an option that takes one whole number.</summary>
    /// <typeparam name="T">The number's type.</typeparam>
    /// <param name="name">The option, with its dashes.</param>
    /// <param name="description">What it means, a sentence.</param>
    /// <param name="least">The smallest right number.</param>
    /// <param name="most">The largest right number.</param>
    /// <returns>The option, without a default.</returns>
    public static Option<T> WholeNumber<T>(string name, string description, T least, T most)
        where T : struct, IBinaryInteger<T> =>
        Create(
            name,
            description,
            "N",
            string.Create(CultureInfo.InvariantCulture, $"a whole number from {least} to {most}"),
            (string text, out T value) => TryWholeNumber(text, least, most, out value));

    /// <summary>Makes an option that takes a whole number and has no default.</summary>
    /// <param name="name">The option, with its dashes.</param>
    /// <param name="description">What it means, a sentence.</param>
    /// <param name="least">The smallest right number.</param>
    /// <param name="most">The largest right number.</param>
    /// <returns>The option; null where it is not given.</returns>
    public static Option<int?> OptionalWholeNumber(string name, string description, int least, int most) =>
        Create(
            name,
            description,
            "N",
            string.Create(CultureInfo.InvariantCulture, $"a whole number from {least} to {most}"),
            (string text, out int? value) =>
            {
                bool understood = TryWholeNumber(text, least, most, out int number);
                value = number;
                return understood;
            });

    /// <summary>Makes an option that takes one number and has no default.</summary>
    /// <param name="name">The option, with its dashes.</param>
    /// <param name="description">What it means, a sentence.</param>
    /// <param name="expected">Which numbers are right, a phrase for the error message.</param>
    /// <param name="isRight">Whether a number is right; it is finite.</param>
    /// <returns>The option; null where it is not given.</returns>
    public static Option<double?> OptionalNumber(string name, string description, string expected, Func<double, bool> isRight) =>
        Create(name, description, "X", expected, (string text, out double? value) =>
        {
            bool understood = double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double number)
                && double.IsFinite(number) && isRight(number);
            value = number;
            return understood;
        });

    /// <summary>Makes an option that takes one of a few words.</summary>
    /// <param name="name">The option, with its dashes.</param>
    /// <param name="description">What it means, a sentence.</param>
    /// <param name="words">The words, in lower case.</param>
    /// <returns>The option, without a default.</returns>
    public static Option<string> Word(string name, string description, params ReadOnlySpan<string> words)
    {
        string[] known = [.. words];
        Option<string> option = Create(
            name, description, string.Join('|', known), string.Join(", ", known[..^1]) + " or " + known[^1], (string text, [MaybeNullWhen(false)] out string value) =>
            {
                value = text.ToLowerInvariant();
                return known.Contains(value);
            });
        option.CompletionSources.Add(known);
        return option;
    }

    /// <summary>Reads digits, with nothing around them, as a number within bounds.</summary>
    /// <typeparam name="T">The number's type.</typeparam>
    /// <param name="text">What was typed.</param>
    /// <param name="least">The smallest right number.</param>
    /// <param name="most">The largest right number.</param>
    /// <param name="value">The number.</param>
    /// <returns>Whether it is one, and within the bounds.</returns>
    public static bool TryWholeNumber<T>(ReadOnlySpan<char> text, T least, T most, out T value)
        where T : struct, IBinaryInteger<T> =>
        T.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out value) && value >= least && value <= most;

    private static T? Parse<T>(ArgumentResult result, string name, string expected, OptionParser<T> parse)
    {
        string text = result.Tokens[0].Value;
        if (parse(text, out T? value))
        {
            return value;
        }

        result.AddError(UsageException.Describe(name, text, expected));
        return default;
    }
}
