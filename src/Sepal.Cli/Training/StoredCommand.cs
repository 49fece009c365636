using System.Collections.Immutable;
using System.CommandLine;
using Sepal.Cli.Framework;

namespace Sepal.Cli.Training;

/// <summary>A command's options as a run keeps them, so that <c>--resume --out DIRECTORY</c> need not repeat them.</summary>
internal static class StoredCommand
{
    /// <summary>Takes down the options that were typed.</summary>
    /// <param name="arguments">The parsed options.</param>
    /// <param name="left">Options to leave out.</param>
    /// <returns>Each option and its values.</returns>
    public static ImmutableArray<string> Of(ParseResult arguments, params IEnumerable<Option> left) =>
    [
        .. Typed(arguments).Except(left).SelectMany(option =>
            (string[])[option.Name, .. arguments.GetResult(option)!.Tokens.Select(token => token.Value)]),
    ];

    /// <summary>Parses what a run was begun with and what is typed now; what is typed now counts.</summary>
    /// <param name="stored">What <see cref="Of"/> gave.</param>
    /// <param name="arguments">What is typed now.</param>
    /// <returns>Both together.</returns>
    /// <exception cref="UsageException">What is stored is no right command line.</exception>
    public static ParseResult Merge(ImmutableArray<string> stored, ParseResult arguments)
    {
        Command command = arguments.CommandResult.Command;
        HashSet<string> typed = [.. Typed(arguments).Select(option => option.Name)];
        HashSet<string> known = [.. command.Options.Select(option => option.Name)];
        var tokens = new List<string>();
        bool isTaken = true;
        foreach (string token in stored)
        {
            isTaken = known.Contains(token) ? !typed.Contains(token) : isTaken;
            if (isTaken)
            {
                tokens.Add(token);
            }
        }

        ParseResult merged = command.Parse(
            [.. tokens, .. Of(arguments)], new ParserConfiguration { EnablePosixBundling = false, ResponseFileTokenReplacer = null });
        return merged.Errors is [{ } error, ..]
            ? throw new UsageException($"The options that the run was begun with cannot be used: {error.Message}")
            : merged;
    }

    private static IEnumerable<Option> Typed(ParseResult arguments) =>
        arguments.CommandResult.Command.Options.Where(option => arguments.GetResult(option) is { Implicit: false });
}
