using Sepal.Cli.Tables;
using Sepal.Costs;
using Sepal.Graphs;

namespace Sepal.Cli.Verbs;

/// <summary>What <c>sepal cost MODEL --symbolic</c> says, as its JSON holds it.</summary>
/// <param name="Model">The file or the architecture.</param>
/// <param name="Symbols">The open dimensions.</param>
/// <param name="Parameters">All parameters.</param>
/// <param name="Macs">MACs, exact.</param>
/// <param name="ElementOperations">Element operations, exact.</param>
/// <param name="Bytes">Bytes read and written, exact.</param>
/// <param name="Stride">What sizes must be multiples of for the plain polynomials; null where there are none.</param>
/// <param name="MacsOfMultiples">MACs as a plain polynomial.</param>
/// <param name="ElementOperationsOfMultiples">Element operations as a plain polynomial.</param>
/// <param name="BytesOfMultiples">Bytes as a plain polynomial.</param>
internal sealed record SymbolicCostReport(
    string Model,
    string[] Symbols,
    long Parameters,
    string Macs,
    string ElementOperations,
    string Bytes,
    int? Stride,
    string? MacsOfMultiples,
    string? ElementOperationsOfMultiples,
    string? BytesOfMultiples)
{
    /// <summary>Makes the report.</summary>
    /// <param name="model">The file or the architecture.</param>
    /// <param name="cost">What it costs.</param>
    /// <returns>A table, sentences and JSON.</returns>
    public static Report Of(string model, SymbolicCost cost)
    {
        (string Name, Dimension Exact)[] totals =
            [("MACs", cost.MultiplyAccumulates), ("element operations", cost.ElementOperations), ("bytes read and written", cost.Bytes)];
        var json = new SymbolicCostReport(
            model,
            [.. cost.Symbols],
            cost.Parameters,
            $"{totals[0].Exact}",
            $"{totals[1].Exact}",
            $"{totals[2].Exact}",
            cost.Stride,
            cost.ForMultiples(totals[0].Exact),
            cost.ForMultiples(totals[1].Exact),
            cost.ForMultiples(totals[2].Exact));
        var table = new Table(new Column("Total", "total"), new Column("Expression", "expression"));
        table.Add("parameters", json.Parameters);
        foreach ((string name, Dimension exact) in totals)
        {
            table.Add(name, $"{exact}");
        }

        var notes = new List<string>();
        string[] floors = [.. cost.Floors()];
        if (floors.Length > 0)
        {
            notes.Add($"⌊x / n⌋ is x / n rounded down: what a stride leaves of an odd size. Here: {string.Join(", ", floors)}.");
        }

        if (cost.Stride is > 1)
        {
            notes.Add($"For sizes that are multiples of {cost.Stride} nothing is rounded, and the totals are:");
            notes.AddRange(totals.Select(total => $"{total.Name}: {cost.ForMultiples(total.Exact)}."));
        }

        if (cost.Symbols is [SymbolicCost.BatchSymbol])
        {
            notes.Add("Only the batch N is open, since the model fixes the size of its input.");
        }

        return Report.Of(json, CliJson.Default.SymbolicCostReport, [table], [.. notes]);
    }
}
