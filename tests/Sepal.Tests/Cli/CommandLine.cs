using Sepal.Cli;

namespace Sepal.Tests.Cli;

/// <summary>Runs the program in this process.</summary>
internal static class CommandLine
{
    /// <summary>Runs a command line.</summary>
    /// <param name="arguments">What follows <c>sepal</c>, separated by spaces.</param>
    /// <returns>The exit code, and what was written; line ends as line feeds.</returns>
    public static (int ExitCode, string Output, string Error) Run(string arguments)
    {
        var output = new StringWriter();
        var error = new StringWriter();
        int exitCode = SepalCommand.Run(arguments.Split(' ', StringSplitOptions.RemoveEmptyEntries), output, error);
        return (exitCode, Lines(output), Lines(error));
    }

    private static string Lines(StringWriter writer) => writer.ToString().ReplaceLineEndings("\n");
}
