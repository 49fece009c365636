using System.Text.Json;
using Sepal.Cli.Framework;
using Sepal.Cli.Reports;
using Sepal.Cli.Tables;

namespace Sepal.Cli.Shrinking;

/// <summary>Where <c>sepal shrink</c> writes: the model, and the report where one is asked for. Each file whole or not at all.</summary>
internal sealed class ShrinkFiles
{
    private readonly string _model;
    private readonly string? _page;
    private readonly string? _directory;

    private ShrinkFiles(string model, string? page, string? directory)
    {
        _model = model;
        _page = page;
        _directory = directory;
    }

    /// <summary>The page; null where none is written.</summary>
    public string? PagePath => _page;

    /// <summary>Checks where to write, before anything costly is done for its sake.</summary>
    /// <param name="input">The file that is shrunk.</param>
    /// <param name="output">The file to write.</param>
    /// <param name="report">A file that ends in .html, a directory, or null.</param>
    /// <returns>The files.</returns>
    /// <exception cref="UsageException">They cannot be written, or the output is the input.</exception>
    public static ShrinkFiles Check(string input, string output, string? report)
    {
        if (!output.EndsWith(".onnx", StringComparison.OrdinalIgnoreCase))
        {
            throw UsageException.ForOption("--output", output, "a file that ends in .onnx");
        }

        if (string.Equals(Real(input), Real(output), StringComparison.Ordinal))
        {
            throw UsageException.ForOption("--output", output, "another file than the one that is shrunk, which is not overwritten");
        }

        RequireDirectory("--output", output, Path.GetDirectoryName(Path.GetFullPath(output))!);
        if (Directory.Exists(output))
        {
            throw UsageException.ForOption("--output", output, "a file; this is a directory");
        }

        if (report is null)
        {
            return new ShrinkFiles(output, null, null);
        }

        if (report.EndsWith(".html", StringComparison.OrdinalIgnoreCase) && !Directory.Exists(report))
        {
            RequireDirectory("--report", report, Path.GetDirectoryName(Path.GetFullPath(report))!);
            return new ShrinkFiles(output, report, null);
        }

        try
        {
            Directory.CreateDirectory(report);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw UsageException.ForOption("--report", report, $"a file that ends in .html, or a directory that can be made ({exception.Message.TrimEnd('.')})");
        }

        return new ShrinkFiles(output, Path.Combine(report, "report.html"), report);
    }

    /// <summary>Writes the model.</summary>
    /// <param name="write">Writes its bytes.</param>
    /// <returns>How many bytes it takes.</returns>
    public long WriteModel(Action<Stream> write)
    {
        AtomicFile.Write(_model, write);
        return new FileInfo(_model).Length;
    }

    /// <summary>Writes the report: a page, and beside it in a directory Markdown and JSON.</summary>
    /// <param name="report">The figures.</param>
    public void WriteReport(ShrinkReport report)
    {
        if (_page is not null)
        {
            AtomicFile.Write(_page, ShrinkPage.Render(report));
        }

        if (_directory is not null)
        {
            var markdown = new StringWriter();
            ReportWriter.Write(ShrinkTables.Whole(report), ReportFormat.Markdown, markdown, null);
            AtomicFile.Write(Path.Combine(_directory, "report.md"), markdown.ToString());
            AtomicFile.Write(Path.Combine(_directory, "report.json"), JsonSerializer.Serialize(report, CliJson.Default.ShrinkReport) + "\n");
        }
    }

    private static void RequireDirectory(string option, string path, string directory)
    {
        if (!Directory.Exists(directory))
        {
            throw UsageException.ForOption(option, path, $"a file in a directory that exists; there is no {directory}");
        }
    }

    private static string Real(string path)
    {
        string full = Path.GetFullPath(path);
        return File.Exists(full) ? File.ResolveLinkTarget(full, returnFinalTarget: true)?.FullName ?? full : full;
    }
}
