using System.Globalization;
using Sepal.Cli.Tables;
using Sepal.Costs;
using Sepal.Costs.WhatIf;

namespace Sepal.Cli.Costs;

/// <summary>Standard convolutions beside separable ones, as JSON holds it.</summary>
/// <param name="Convolutions">The convolutions that are separated.</param>
/// <param name="Totals">The whole model: standard (rank 0) and with separable convolutions of each rank.</param>
/// <param name="Kept">The convolutions that stay as they are.</param>
internal sealed record SeparationReport(
    SeparationReport.Convolution[] Convolutions, SeparationReport.FormFigures[] Totals, SeparationReport.KeptLayer[] Kept)
{
    /// <summary>Makes the report.</summary>
    /// <param name="separation">What was counted.</param>
    /// <returns>The report.</returns>
    public static SeparationReport Of(Separation separation) => new(
        [.. separation.Convolutions.Select(convolution => new Convolution(
            convolution.Name,
            CountedModel.Extents(convolution.Standard.OutputShape),
            Of(0, convolution.Standard),
            [.. convolution.Forms.Select(form => new FormFigures(form.Rank, form.Parameters, form.MultiplyAccumulates, form.RooflineSeconds))]))],
        [Of(0, separation.Standard), .. separation.Variants.Select(variant => Of(variant.Rank, variant.Cost))],
        [.. separation.Kept.Select(kept => new KeptLayer(kept.Name, kept.Kind, kept.Reason))]);

    /// <summary>The tables: convolutions, then the model.</summary>
    /// <returns>Two tables.</returns>
    public Table[] Tables()
    {
        Column[] forms = [.. Totals.Skip(1).SelectMany(total => (Column[])
        [
            new(total.Rank == 1 ? "Separable MACs" : $"Sum of {total.Rank} MACs", $"macs{total.Rank}", IsNumeric: true),
            new(total.Rank == 1 ? "Of standard" : $"Of standard ({total.Rank})", $"macRatio{total.Rank}", IsNumeric: true),
        ])];
        var layers = new Table(
            [
                new("Convolution", "name"), new("Output", "output", IsNumeric: true),
                new("Parameters", "parameters", IsNumeric: true), new("Separable", "parameters1", IsNumeric: true),
                new("MACs", "macs", IsNumeric: true), .. forms,
            ]);
        foreach (Convolution convolution in Convolutions)
        {
            layers.Add(
                [
                    convolution.Name, Cell.Extents(convolution.Output),
                    convolution.Standard.Parameters, convolution.Separable[0].Parameters,
                    convolution.Standard.Macs,
                    .. convolution.Separable.SelectMany(form => (Cell[])
                        [form.Macs, Ratio(form.Macs, convolution.Standard.Macs)]),
                ]);
        }

        return [layers, TotalTable()];
    }

    /// <summary>What the tables cannot say.</summary>
    /// <returns>Sentences.</returns>
    public string[] Notes()
    {
        string separated = Convolutions.Length == 0
            ? "No convolution is a standard one: there is nothing to separate."
            : "A sum of T separable convolutions is a depthwise one with T channels for each input channel and one pointwise one, as it is counted here.";
        return Kept.Length == 0
            ? [separated]
            : [separated, string.Create(CultureInfo.InvariantCulture, $"{Kept.Length} convolutions stay as they are: {Reasons()}.")];
    }

    private static FormFigures Of(int rank, CostCounts cost) => new(rank, cost.TotalParameters, cost.MultiplyAccumulates, cost.RooflineSeconds);

    private static Cell Ratio(double value, double standard) => Cell.Number(standard == 0 ? 1 : value / standard, "F3");

    private Table TotalTable()
    {
        bool hasTime = Totals[0].RooflineSeconds is not null;
        var table = new Table(
            [
                new("Model", "model"), new("Parameters", "parameters", IsNumeric: true), new("Of standard", "parameterRatio", IsNumeric: true),
                new("MACs", "macs", IsNumeric: true), new("Of standard", "macRatio", IsNumeric: true),
                .. hasTime ? (Column[])[new("Roofline ms", "rooflineMilliseconds", IsNumeric: true), new("Of standard", "timeRatio", IsNumeric: true)] : [],
            ]);
        foreach (FormFigures total in Totals)
        {
            string name = total.Rank switch { 0 => "standard", 1 => "separable", _ => $"sums of {total.Rank} separable" };
            table.Add(
                [
                    name, total.Parameters, Ratio(total.Parameters, Totals[0].Parameters), total.Macs, Ratio(total.Macs, Totals[0].Macs),
                    .. hasTime ? (Cell[])[Cell.Number(1000 * total.RooflineSeconds!.Value, "F3"), Ratio(total.RooflineSeconds.Value, Totals[0].RooflineSeconds!.Value)] : [],
                ]);
        }

        return table;
    }

    private string Reasons() => string.Join("; ", Kept.GroupBy(kept => kept.Reason).Select(kept =>
        string.Create(CultureInfo.InvariantCulture, $"{kept.Count()} {kept.Key}")));

    /// <summary>A convolution.</summary>
    /// <param name="Name">Its path.</param>
    /// <param name="Output">The output's shape, without the batch.</param>
    /// <param name="Standard">What it costs.</param>
    /// <param name="Separable">What separable ones cost, by rank.</param>
    internal sealed record Convolution(string Name, long[] Output, FormFigures Standard, FormFigures[] Separable);

    /// <summary>What a form costs.</summary>
    /// <param name="Rank">How many separable convolutions are added up; 0 for the standard one.</param>
    /// <param name="Parameters">All parameters.</param>
    /// <param name="Macs">Multiply-adds.</param>
    /// <param name="RooflineSeconds">The roofline time; null without a machine.</param>
    internal sealed record FormFigures(int Rank, long Parameters, long Macs, double? RooflineSeconds);

    /// <summary>A convolution that stays.</summary>
    /// <param name="Name">Its path.</param>
    /// <param name="Kind">What it is.</param>
    /// <param name="Reason">Why.</param>
    internal sealed record KeptLayer(string Name, string Kind, string Reason);
}
