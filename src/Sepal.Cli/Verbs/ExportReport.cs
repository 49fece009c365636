using Sepal.Cli.Tables;

namespace Sepal.Cli.Verbs;

/// <summary>What <c>sepal export</c> says, as its JSON holds it.</summary>
/// <param name="Model">The architecture.</param>
/// <param name="Output">The file that was written.</param>
/// <param name="Input">An image's height, width and channels.</param>
/// <param name="Classes">The classes.</param>
/// <param name="Seed">What the weights follow from.</param>
/// <param name="Parameters">Parameters that training changes.</param>
/// <param name="Bytes">The file's size.</param>
internal sealed record ExportReport(string Model, string Output, long[] Input, int Classes, ulong Seed, long Parameters, long Bytes)
{
    /// <summary>Makes the report.</summary>
    /// <param name="result">What it is about.</param>
    /// <returns>A table and JSON.</returns>
    public static Report Of(ExportReport result)
    {
        var table = new Table(
            new Column("Model", "model"),
            new Column("File", "output"),
            new Column("Input", "input", IsNumeric: true),
            new Column("Classes", "classes", IsNumeric: true),
            new Column("Parameters", "parameters", IsNumeric: true),
            new Column("Bytes", "bytes", IsNumeric: true));
        table.Add(result.Model, result.Output, Cell.Extents(result.Input), result.Classes, result.Parameters, result.Bytes);
        return Report.Of(
            result,
            CliJson.Default.ExportReport,
            [table],
            ["The weights are random numbers: the network is as it is before training. The file takes images as NCHW, any number at once."]);
    }
}
