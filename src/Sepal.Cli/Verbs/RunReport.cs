using System.Collections.Immutable;
using System.Globalization;
using Sepal.Cli.Tables;
using Sepal.Graphs;

namespace Sepal.Cli.Verbs;

/// <summary>What <c>sepal run</c> says, as its JSON holds it.</summary>
/// <param name="Model">The file.</param>
/// <param name="Threads">Threads that computed.</param>
/// <param name="Inputs">What went in.</param>
/// <param name="Outputs">What came out.</param>
/// <param name="LoadMilliseconds">Reading the model.</param>
/// <param name="FirstRunMilliseconds">The first run, and preparing it.</param>
/// <param name="RunMilliseconds">The median of the further runs; null where there were none.</param>
internal sealed record RunReport(
    string Model,
    int Threads,
    ImmutableArray<TensorRow> Inputs,
    ImmutableArray<TensorRow> Outputs,
    double LoadMilliseconds,
    double FirstRunMilliseconds,
    double? RunMilliseconds)
{
    /// <summary>Makes the report.</summary>
    /// <param name="run">What it is about.</param>
    /// <returns>A table, a sentence and JSON.</returns>
    public static Report Of(RunReport run)
    {
        var table = new Table(
            new Column("Tensor", "tensor"),
            new Column("Name", "name"),
            new Column("Type", "type"),
            new Column("Shape", "shape"),
            new Column("File", "file"));
        foreach ((string kind, TensorRow row) in run.Inputs.Select(row => ("input", row)).Concat(run.Outputs.Select(row => ("output", row))))
        {
            table.Add(kind, row.Name, row.Type, row.Shape.Length == 0 ? "scalar" : Cell.Extents(row.Shape), row.File ?? string.Empty);
        }

        string repeated = run.RunMilliseconds is { } median ? $" A run takes {Milliseconds(median)}, the median of those that followed." : string.Empty;
        string threads = run.Threads == 1 ? "1 thread" : string.Create(CultureInfo.InvariantCulture, $"{run.Threads} threads");
        return Report.Of(
            run,
            CliJson.Default.RunReport,
            [table],
            [$"The model was read in {Milliseconds(run.LoadMilliseconds)}; its first run on {threads}, with preparation, took "
                + $"{Milliseconds(run.FirstRunMilliseconds)}.{repeated}"]);
    }

    private static string Milliseconds(double time) => time.ToString(time < 10 ? "F3" : "F1", CultureInfo.InvariantCulture) + " ms";
}

/// <summary>One tensor of a run.</summary>
/// <param name="Name">Its name in the model.</param>
/// <param name="Type">Its element type.</param>
/// <param name="Shape">Its extents.</param>
/// <param name="File">The file it was read from or written to; null where it was not written.</param>
internal sealed record TensorRow(string Name, string Type, long[] Shape, string? File)
{
    /// <summary>Makes a row.</summary>
    /// <param name="name">The name in the model.</param>
    /// <param name="tensor">The tensor.</param>
    /// <param name="files">Where tensors are.</param>
    /// <returns>The row.</returns>
    public static TensorRow Of(string name, TensorData tensor, ImmutableArray<NamedFile> files) => new(
        name,
        tensor.ElementType.ToString(),
        [.. tensor.Shape.Select(dimension => dimension.Value)],
        files.FirstOrDefault(file => file.Name == name)?.Path);
}
