using System.Collections.Immutable;
using System.Text.Json;
using Sepal.Cli.Framework;
using Sepal.Cli.Reports;
using Sepal.Cli.Tables;
using Sepal.Onnx;

namespace Sepal.Cli.Comparison;

/// <summary>
/// The files of a comparison. Each is written whole under another name and then renamed, so that whatever interrupts the
/// program, a file is the old one or the new one and never half of either.
/// </summary>
/// <param name="directory">Where they go; made if need be.</param>
internal sealed class ComparisonFiles(string directory)
{
    private const string Page = "report.html";
    private const string Document = "report.md";
    private const string Figures = "report.json";
    private const string Epochs = "history.csv";

    private bool _begun;

    /// <summary>The page, the file to look at first.</summary>
    public string PagePath => Path.Combine(directory, Page);

    /// <summary>Makes the directory and tries it, before anything costly is done for its sake.</summary>
    /// <exception cref="UsageException">Nothing can be written there.</exception>
    public void Prepare()
    {
        try
        {
            Directory.CreateDirectory(directory);
            string trial = TemporaryPath("trial");
            File.WriteAllText(trial, string.Empty);
            File.Delete(trial);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw UsageException.ForOption("--out", directory, $"a directory that can be made and written to ({exception.Message.TrimEnd('.')})");
        }
    }

    /// <summary>Writes the epochs so far.</summary>
    /// <param name="epochs">Each network's, also those of the one in training.</param>
    public void WriteHistory(IEnumerable<(string Network, ImmutableArray<EpochRow> Epochs)> epochs)
    {
        var text = new StringWriter();
        Csv.Write(ComparisonTables.History(epochs), text);
        Write(Epochs, text.ToString());
    }

    /// <summary>Writes a network, so that <c>sepal predict</c> and other programs can use it.</summary>
    /// <param name="network">Its name.</param>
    /// <param name="model">The trained network.</param>
    /// <param name="options">What the file says of its input and classes.</param>
    public void WriteModel(string network, Model model, OnnxExportOptions options) =>
        Write(ModelFile(network), stream => model.ExportOnnx(stream, options));

    /// <summary>Writes the reports.</summary>
    /// <param name="result">The comparison so far.</param>
    public void WriteReports(ComparisonResult result)
    {
        Write(Page, ComparisonPage.Render(result));
        Write(Document, ComparisonDocument.Render(result));
        Write(Figures, JsonSerializer.Serialize(result, CliJson.Default.ComparisonResult));
    }

    private static string ModelFile(string network) => $"{network}.onnx";

    private void Write(string name, string text) => Write(name, stream =>
    {
        using var writer = new StreamWriter(stream, leaveOpen: true);
        writer.Write(text);
    });

    private void Write(string name, Action<Stream> write)
    {
        if (!_begun)
        {
            // Reports of an earlier run would be taken for this one's; they stay until this one has something to show.
            foreach (string old in (string[])[Page, Document, Figures, Epochs, .. NetworkNames.All.Select(ModelFile)])
            {
                File.Delete(Path.Combine(directory, old));
            }

            _begun = true;
        }

        string path = Path.Combine(directory, name);
        string temporary = TemporaryPath(name);
        try
        {
            using (FileStream stream = File.Create(temporary))
            {
                write(stream);
            }

            File.Move(temporary, path, overwrite: true);
        }
        catch
        {
            File.Delete(temporary);
            throw;
        }
    }

    private string TemporaryPath(string name) => Path.Combine(directory, $".{name}.{Environment.ProcessId}.tmp");
}
