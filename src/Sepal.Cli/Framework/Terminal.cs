using Sepal.Cli.Tables;

namespace Sepal.Cli.Framework;

/// <summary>Where a verb writes: results to the output, progress and errors to the error stream.</summary>
/// <param name="Output">Results, and nothing else.</param>
/// <param name="Error">Errors and progress.</param>
internal sealed record Terminal(TextWriter Output, TextWriter Error)
{
    /// <summary>The output's columns where it is a terminal; null where it is a file or a pipe.</summary>
    public int? OutputWidth { get; init; }

    /// <summary>The error stream's columns where it is a terminal; null where it is a file or a pipe.</summary>
    public int? ErrorWidth { get; init; }

    /// <summary>The process's own console.</summary>
    /// <returns>The terminal.</returns>
    public static Terminal OfConsole() => new(Console.Out, Console.Error)
    {
        OutputWidth = Console.IsOutputRedirected ? null : ConsoleWidth(),
        ErrorWidth = Console.IsErrorRedirected ? null : ConsoleWidth(),
    };

    /// <summary>Writes a report to the output.</summary>
    /// <param name="report">The report.</param>
    /// <param name="format">How.</param>
    public void Write(Report report, ReportFormat format) => ReportWriter.Write(report, format, Output, OutputWidth);

    /// <summary>Starts a line of progress on the error stream; it shows nothing where that is not a terminal.</summary>
    /// <returns>The line; dispose of it before writing results.</returns>
    public ProgressLine Progress() => new(Error, ErrorWidth);

    // A terminal that does not tell its size (a serial line, some CI systems) says 0.
    private static int ConsoleWidth() => Console.WindowWidth > 0 ? Console.WindowWidth : 80;
}
