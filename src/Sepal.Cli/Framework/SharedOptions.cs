using System.CommandLine;
using Sepal.Cli.Tables;

namespace Sepal.Cli.Framework;

/// <summary>The options that mean the same in every verb. Each call makes a new one, to be added to a verb.</summary>
internal static class SharedOptions
{
    // Far more than any machine of today has, and few enough that a slip of the finger does not start a million threads.
    private const int MostThreads = 1024;

    /// <summary><c>--format</c>: how a report is written; a table where it is not given.</summary>
    /// <returns>The option.</returns>
    public static Option<ReportFormat> Format()
    {
        Option<ReportFormat> option = OptionParsers.Create(
            "--format",
            "How the report is written; a table where not given.",
            "table|json|csv|markdown",
            "table, json, csv or markdown",
            (string text, out ReportFormat format) =>
            {
                (bool known, format) = text.ToLowerInvariant() switch
                {
                    "table" => (true, ReportFormat.Table),
                    "json" => (true, ReportFormat.Json),
                    "csv" => (true, ReportFormat.Csv),
                    "markdown" => (true, ReportFormat.Markdown),
                    _ => (false, default),
                };
                return known;
            });
        option.CompletionSources.Add("table", "json", "csv", "markdown");
        return option;
    }

    /// <summary><c>MODEL</c>: an ONNX file.</summary>
    /// <returns>The argument.</returns>
    public static Argument<string> Model() => new("MODEL")
    {
        Description = "An ONNX file.",
        Arity = ArgumentArity.ExactlyOne,
    };

    /// <summary><c>--classes</c>: how many classes an architecture tells apart.</summary>
    /// <returns>The option, without a default.</returns>
    public static Option<int?> Classes() => OptionParsers.Create(
        "--classes",
        "How many classes an architecture tells apart; 1000 where not given.",
        "N",
        "a whole number from 1 to 2147483647",
        (string text, out int? classes) =>
        {
            bool understood = OptionParsers.TryWholeNumber(text, 1, int.MaxValue, out int count);
            classes = count;
            return understood;
        });

    /// <summary><c>--threads</c>: how many threads compute; one a processor where it is not given.</summary>
    /// <returns>The option.</returns>
    public static Option<int> Threads()
    {
        Option<int> option = OptionParsers.WholeNumber(
            "--threads", "How many threads compute; results are the same for any number.", 1, MostThreads);
        option.DefaultValueFactory = _ => Math.Min(Environment.ProcessorCount, MostThreads);
        return option;
    }

    /// <summary><c>--seed</c>: what all random numbers follow from; 0 where it is not given.</summary>
    /// <returns>The option.</returns>
    public static Option<ulong> Seed()
    {
        Option<ulong> option = OptionParsers.WholeNumber(
            "--seed", "What all random numbers follow from; the same seed gives the same results.", 0UL, ulong.MaxValue);
        option.DefaultValueFactory = _ => 0;
        return option;
    }
}
