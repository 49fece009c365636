using System.Globalization;
using Sepal.Data;

namespace IdxToFolder;

/// <summary>What was typed.</summary>
/// <param name="Source">The directory of IDX files.</param>
/// <param name="Target">The folder to be made.</param>
/// <param name="PerClass">Images of each class to train on; null for all.</param>
/// <param name="Validation">Images of each class that are held out.</param>
/// <param name="ClassNames">What the classes are called; null for numbers.</param>
/// <param name="Only">The classes to take, by what they are called; null for all.</param>
internal sealed record FolderOptions(
    string Source, string Target, int? PerClass, int Validation, IReadOnlyList<string>? ClassNames, IReadOnlyList<string>? Only)
{
    /// <summary>Reads the arguments of the program.</summary>
    /// <param name="arguments">The arguments.</param>
    /// <returns>The options.</returns>
    /// <exception cref="UsageException">They are not as described.</exception>
    public static FolderOptions Parse(IReadOnlyList<string> arguments)
    {
        var places = new List<string>();
        int? perClass = null;
        int validation = 0;
        IReadOnlyList<string>? names = null;
        IReadOnlyList<string>? only = null;
        for (int index = 0; index < arguments.Count; index++)
        {
            switch (arguments[index])
            {
                case "--per-class":
                    perClass = Number(arguments, ++index, 1);
                    break;
                case "--validation":
                    validation = Number(arguments, ++index, 0);
                    break;
                case "--classes":
                    names = Names(arguments, ++index);
                    break;
                case "--only":
                    only = Names(arguments, ++index);
                    break;
                case ['-', ..] unknown:
                    throw new UsageException($"received '{unknown}', which is no option.");
                default:
                    places.Add(arguments[index]);
                    break;
            }
        }

        if (places is not [string source, string target])
        {
            throw new UsageException($"received {places.Count} places; expected two, SOURCE and TARGET.");
        }

        bool isFashion = new DirectoryInfo(source).Name.Contains("fashion", StringComparison.OrdinalIgnoreCase);
        return new FolderOptions(source, target, perClass, validation, names ?? (isFashion ? Mnist.FashionClassNames : null), only);
    }

    private static string[] Names(IReadOnlyList<string> arguments, int index) =>
        Value(arguments, index).Split(',', StringSplitOptions.TrimEntries);

    private static int Number(IReadOnlyList<string> arguments, int index, int least)
    {
        string text = Value(arguments, index);
        return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int number) && number >= least
            ? number
            : throw new UsageException($"{arguments[index - 1]}: received '{text}'; expected a whole number of at least {least}.");
    }

    private static string Value(IReadOnlyList<string> arguments, int index) => index < arguments.Count
        ? arguments[index]
        : throw new UsageException($"{arguments[index - 1]} has no value behind it.");
}
