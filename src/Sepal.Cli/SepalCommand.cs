using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;
using System.Reflection;
using Sepal.Cli.Framework;
using Sepal.Cli.Verbs;
using Sepal.Training;

namespace Sepal.Cli;

/// <summary>The program <c>sepal</c>: its verbs, and what it does with errors.</summary>
internal static class SepalCommand
{
    private const string Name = "sepal";

    /// <summary>Runs a command line with its output and errors going to writers; nothing is a terminal.</summary>
    /// <param name="arguments">What follows the program's name.</param>
    /// <param name="output">Results.</param>
    /// <param name="error">Errors, a line each.</param>
    /// <param name="cancellation">What Ctrl-C is to the program.</param>
    /// <returns>The exit code, one of <see cref="ExitCodes"/>.</returns>
    public static int Run(
        IReadOnlyList<string> arguments, TextWriter output, TextWriter error, CancellationToken cancellation = default) =>
        Run(arguments, new Terminal(output, error), cancellation);

    /// <summary>Runs a command line.</summary>
    /// <param name="arguments">What follows the program's name.</param>
    /// <param name="terminal">Where output and errors go.</param>
    /// <param name="cancellation">What Ctrl-C is to the program.</param>
    /// <returns>The exit code, one of <see cref="ExitCodes"/>.</returns>
    public static int Run(IReadOnlyList<string> arguments, Terminal terminal, CancellationToken cancellation) =>
        Run(CreateRoot(), arguments, terminal, cancellation);

    /// <summary>Runs a command line of any verbs.</summary>
    /// <param name="root">The program: a command whose subcommands are verbs, or one verb that is all it does.</param>
    /// <param name="arguments">What follows the program's name.</param>
    /// <param name="terminal">Where output and errors go.</param>
    /// <param name="cancellation">What Ctrl-C is to the program.</param>
    /// <returns>The exit code, one of <see cref="ExitCodes"/>.</returns>
    internal static int Run(Command root, IReadOnlyList<string> arguments, Terminal terminal, CancellationToken cancellation)
    {
        try
        {
            return Dispatch(root, arguments, terminal, cancellation);
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            return Fail(root, terminal, "interrupted", ExitCodes.Interrupted);
        }
        catch (TrainingException exception)
        {
            return Fail(root, terminal, exception.Message, ExitCodes.Failed);
        }
        catch (Exception exception) when (exception is SepalException
            or FileNotFoundException or DirectoryNotFoundException or UnauthorizedAccessException)
        {
            return Fail(root, terminal, exception.Message, ExitCodes.BadUsage);
        }
        catch (IOException exception)
        {
            return Fail(root, terminal, exception.Message, ExitCodes.Failed);
        }
#pragma warning disable CA1031 // The last line of defence: whatever happens, the user gets a line and not a stack trace.
        catch (Exception exception)
        {
            return Fail(root, terminal, $"internal error ({exception.GetType().Name}): {exception.Message}", ExitCodes.Failed);
        }
#pragma warning restore CA1031
    }

    /// <summary>The program as a command: what the verbs hang on.</summary>
    /// <returns>A new command.</returns>
    internal static Command CreateRoot() =>
        new(Name, "Depthwise-separable convolutional networks: what they cost, trained and compared.")
        {
            new HelpOption { Action = new HelpWithExamples() },
            new Option<bool>("--version") { Description = "Show the version", Action = new VersionAction() },
            new CompareVerb(),
            new CostVerb(),
            new EvaluateVerb(),
            new ExportVerb(),
            new PredictVerb(),
            new ProfileVerb(),
            new RunVerb(),
            new ShrinkVerb(),
            new TrainVerb(),
        };

    private static int Dispatch(Command root, IReadOnlyList<string> arguments, Terminal terminal, CancellationToken cancellation)
    {
        ParseResult result = root.Parse(
            arguments.Count == 0 && root is not Verb ? ["--help"] : arguments,
            new ParserConfiguration { EnablePosixBundling = false, ResponseFileTokenReplacer = null });
        if (result.Action is HelpWithExamples or VersionAction)
        {
            return result.Invoke(new InvocationConfiguration { Output = terminal.Output, Error = terminal.Error });
        }

        if (FirstError(result, root) is { } message)
        {
            string command = result.CommandResult.Command == root ? root.Name : $"{root.Name} {result.CommandResult.Command.Name}";
            throw new UsageException($"{message} See '{command} --help'.");
        }

        var verb = (Verb)result.CommandResult.Command;
        return verb.Run(result, terminal, cancellation);
    }

    private static string? FirstError(ParseResult result, Command root)
    {
        Command command = result.CommandResult.Command;

        // What begins with a dash and is no option of the verb's can end up as one of its arguments.
        IEnumerable<string> arguments = command.Arguments.SelectMany(argument => result.GetResult(argument)?.Tokens ?? []).Select(token => token.Value);
        if (arguments.Where(value => value.StartsWith('-')).Concat(result.UnmatchedTokens).FirstOrDefault() is { } unmatched)
        {
            return unmatched.StartsWith('-')
                ? $"unknown option '{unmatched}'.{Suggestion.For(unmatched, command.Options.Select(option => option.Name))}"
                : command == root && command is not Verb
                    ? $"unknown verb '{unmatched}'.{Suggestion.For(unmatched, root.Subcommands.Select(verb => verb.Name))}"
                    : $"unexpected argument '{unmatched}'.";
        }

        Argument[] absent = [.. command.Arguments.Where(argument =>
            argument.Arity.MinimumNumberOfValues > 0 && result.GetResult(argument) is null or { Tokens.Count: 0 })];
        if (absent.Length > 0)
        {
            return $"missing {string.Join(", ", absent.Select(argument => argument.Name))}.";
        }

        Option[] missing = [.. command.Options.Where(option => option.Required && result.GetResult(option) is null or { Implicit: true })];
        return missing.Length > 0
            ? $"missing {string.Join(", ", missing.Select(option => $"{option.Name} <{option.HelpName}>"))}."
            : result.Errors is [{ } first, ..] ? first.Message : null;
    }

    private static int Fail(Command root, Terminal terminal, string message, int code)
    {
        string line = string.Join(' ', message.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries));
        terminal.Error.WriteLine($"{root.Name}: {line}");
        return code;
    }

    private sealed class VersionAction : SynchronousCommandLineAction
    {
        public override bool ClearsParseErrors => true;

        public override int Invoke(ParseResult parseResult)
        {
            string version = typeof(Model).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion;
            parseResult.InvocationConfiguration.Output.WriteLine($"{Name} {version}");
            return ExitCodes.Done;
        }
    }
}
