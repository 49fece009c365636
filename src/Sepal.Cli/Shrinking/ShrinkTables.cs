using System.Collections.Immutable;
using System.Globalization;
using Sepal.Cli.Tables;
using static System.FormattableString;

namespace Sepal.Cli.Shrinking;

/// <summary>The tables of <c>sepal shrink</c>.</summary>
internal static class ShrinkTables
{
    /// <summary>Makes the report for the output.</summary>
    /// <param name="report">The figures.</param>
    /// <param name="page">Where the page was written; null where none was.</param>
    /// <returns>Tables and JSON; CSV has the layers.</returns>
    public static Report Of(ShrinkReport report, string? page) => Report.Of(
        report,
        CliJson.Default.ShrinkReport,
        [Layers(report), Totals(report), Stages(report)],
        [.. Notes(report), .. page is null ? (string[])[] : [$"Report: {page}"]]);

    /// <summary>Makes the report for a file: the networks that were measured on the way too.</summary>
    /// <param name="report">The figures.</param>
    /// <returns>Tables.</returns>
    public static Report Whole(ShrinkReport report) => Report.Of(
        report,
        CliJson.Default.ShrinkReport,
        [Totals(report), Stages(report), Layers(report), Networks(report)],
        Notes(report));

    /// <summary>The network before and after.</summary>
    /// <param name="report">The figures.</param>
    /// <returns>A row a figure.</returns>
    public static Table Totals(ShrinkReport report)
    {
        var table = new Table(
            new Column("Whole network", "figure"),
            new Column("Before", "before", IsNumeric: true),
            new Column("After", "after", IsNumeric: true),
            new Column("Cut", "cut", IsNumeric: true));
        (FileFigures before, FileFigures after) = (report.Original, report.Shrunk);
        table.Add("Multiply-adds", before.Macs, after.Macs, Ratio(before.Macs, after.Macs));
        table.Add("Parameters", before.Parameters, after.Parameters, Ratio(before.Parameters, after.Parameters));
        table.Add(
            string.Create(CultureInfo.InvariantCulture, $"Milliseconds (batch {report.Settings.Batch}, {report.Settings.Threads} {(report.Settings.Threads == 1 ? "thread" : "threads")})"),
            Cell.Number(before.Milliseconds, "F3"),
            Cell.Number(after.Milliseconds, "F3"),
            Ratio(before.Milliseconds, after.Milliseconds));
        table.Add("Bytes of the file", before.FileBytes, after.FileBytes, Ratio(before.FileBytes, after.FileBytes));
        return table;
    }

    /// <summary>The quality after every step.</summary>
    /// <param name="report">The figures.</param>
    /// <returns>A row a step.</returns>
    public static Table Stages(ShrinkReport report)
    {
        string quality = Capital(report.Quality);
        bool apart = report.HeldOutImages > 0;
        var table = apart
            ? new Table(
                new Column("After", "stage"),
                new Column(Invariant($"{quality} on {report.SearchImages:N0} images to choose by"), "search", IsNumeric: true),
                new Column(Invariant($"{quality} on {report.HeldOutImages:N0} other images"), "heldOut", IsNumeric: true))
            : new Table(
                new Column("After", "stage"),
                new Column(Invariant($"{quality} on {report.SearchImages:N0} images to choose by"), "search", IsNumeric: true));
        foreach (StageRow stage in report.Stages)
        {
            ImmutableArray<Cell> cells = [stage.Stage, Cell.Number(stage.Search, "P2")];
            table.Add(apart ? [.. cells, Cell.Number(stage.HeldOut, "P2")] : cells);
        }

        return table;
    }

    /// <summary>Every convolution.</summary>
    /// <param name="report">The figures.</param>
    /// <returns>A row a layer.</returns>
    public static Table Layers(ShrinkReport report)
    {
        var table = new Table(
            new Column("Convolution", "name"),
            new Column("Becomes", "form"),
            new Column("Rank", "rank", IsNumeric: true),
            new Column("Error", "reconstructionError", IsNumeric: true),
            new Column("MACs before", "macsBefore", IsNumeric: true),
            new Column("after", "macsAfter", IsNumeric: true),
            new Column("Parameters before", "parametersBefore", IsNumeric: true),
            new Column("after", "parametersAfter", IsNumeric: true),
            new Column("ms before", "millisecondsBefore", IsNumeric: true),
            new Column("after", "millisecondsAfter", IsNumeric: true),
            new Column("Why", "reason"));
        foreach (ShrunkLayerRow layer in report.Layers)
        {
            table.Add(
                layer.Name,
                layer.Form ?? "kept",
                layer.Replaced ? (Cell)layer.Rank : new Cell("–", string.Empty),
                layer.Replaced ? Cell.Number(layer.ReconstructionError, "F3") : new Cell("–", string.Empty),
                layer.MacsBefore,
                layer.MacsAfter,
                layer.ParametersBefore,
                layer.ParametersAfter,
                Milliseconds(layer.MillisecondsBefore),
                Milliseconds(layer.MillisecondsAfter),
                layer.Reason);
        }

        return table;
    }

    /// <summary>The networks that were measured on the way.</summary>
    /// <param name="report">The figures.</param>
    /// <returns>A row a network.</returns>
    public static Table Networks(ShrinkReport report)
    {
        var table = new Table(
            new Column("Network", "network"),
            new Column("Layers replaced", "replaced", IsNumeric: true),
            new Column("MACs", "macs", IsNumeric: true),
            new Column("Parameters", "parameters", IsNumeric: true),
            new Column("ms, by its layers", "milliseconds", IsNumeric: true),
            new Column(Capital(report.Quality), "quality", IsNumeric: true));
        foreach (NetworkRow network in report.Networks)
        {
            table.Add(
                network.Replaced == 0 ? "original" : network.Chosen ? "chosen" : network.OnFront ? "on the front" : "beaten by another",
                network.Replaced,
                network.Macs,
                network.Parameters,
                Cell.Number(network.Milliseconds, "F3"),
                Cell.Number(network.Quality, "P2"));
        }

        return table;
    }

    /// <summary>The result in sentences.</summary>
    /// <param name="report">The figures.</param>
    /// <returns>Sentences.</returns>
    public static ImmutableArray<string> Notes(ShrinkReport report)
    {
        var notes = ImmutableArray.CreateBuilder<string>();
        notes.Add(Verdict(report));
        if (report.Settings.MaxAccuracyDrop is { } limit && report.QualityDrop > limit && report.SearchQualityDrop <= limit)
        {
            notes.Add(Invariant(
                $"The {report.Quality} fell by {100 * report.SearchQualityDrop:0.00} points on the images to choose by, within the {100 * limit:0.##} asked for, but by {100 * report.QualityDrop:0.00} on others: give more images to choose by, or ask for a smaller drop."));
        }

        if (report.Skipped > 0)
        {
            notes.Add($"{report.Skipped} {(report.Skipped == 1 ? "picture was" : "pictures were")} skipped.");
        }

        return notes.DrainToImmutable();
    }

    /// <summary>The result in a sentence.</summary>
    /// <param name="report">The figures.</param>
    /// <returns>A sentence.</returns>
    public static string Verdict(ShrinkReport report)
    {
        double macs = (double)report.Original.Macs / report.Shrunk.Macs;
        double parameters = (double)report.Original.Parameters / report.Shrunk.Parameters;
        string change = report.QualityDrop > 0 ? Invariant($"{100 * report.QualityDrop:0.00} points of {report.Quality} lost") : Invariant($"no {report.Quality} lost");
        string images = report.HeldOutImages > 0 ? Invariant($"{report.HeldOutImages:N0} images that nothing was chosen by") : Invariant($"{report.SearchImages:N0} images");
        return Invariant($"{report.SpeedUp:0.00} times as fast, with {macs:0.00} times fewer multiply-adds and {parameters:0.00} times fewer parameters; {change} on {images}.");
    }

    private static Cell Ratio(double before, double after) =>
        after > 0 ? new Cell(Invariant($"{before / after:0.00}×"), (before / after).ToString("R", CultureInfo.InvariantCulture)) : "–";

    private static Cell Milliseconds(double? milliseconds) =>
        milliseconds is { } known ? Cell.Number(known, "F4") : new Cell("–", string.Empty);

    private static string Capital(string word) => char.ToUpperInvariant(word[0]) + word[1..];
}
