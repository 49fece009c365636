using Sepal.Cli.Tables;
using Sepal.Costs.WhatIf;

namespace Sepal.Cli.Costs;

/// <summary>How many layers the saving of separable convolutions buys, as JSON holds it.</summary>
/// <param name="Measure"><c>parameters</c>, <c>macs</c> or <c>rooflineSeconds</c>: what is kept equal.</param>
/// <param name="Budget">What the model costs in it.</param>
/// <param name="Separated">What the separable variant costs without extra layers.</param>
/// <param name="ExtraLayers">How many separable layers are added.</param>
/// <param name="Stages">Over how many stages they are spread.</param>
/// <param name="Parameters">All parameters of the deeper variant.</param>
/// <param name="Macs">Its multiply-adds.</param>
/// <param name="RooflineSeconds">Its roofline time; null without a machine.</param>
internal sealed record DeeperReport(
    string Measure, double Budget, double Separated, int ExtraLayers, int Stages, long Parameters, long Macs, double? RooflineSeconds)
{
    /// <summary>Makes the report of one measure.</summary>
    /// <param name="deeper">The deeper variant.</param>
    /// <returns>The report.</returns>
    public static DeeperReport Of(DeeperModel deeper) => new(
        deeper.Measure switch { DeeperMeasure.Parameters => "parameters", DeeperMeasure.MultiplyAccumulates => "macs", _ => "rooflineSeconds" },
        deeper.Budget,
        deeper.Separated,
        deeper.ExtraLayers,
        deeper.Stages,
        deeper.Cost.TotalParameters,
        deeper.Cost.MultiplyAccumulates,
        deeper.Cost.RooflineSeconds);

    /// <summary>The table of all measures.</summary>
    /// <param name="reports">The reports.</param>
    /// <returns>The table.</returns>
    public static Table Table(DeeperReport[] reports)
    {
        bool hasTime = reports[0].RooflineSeconds is not null;
        var table = new Table(
            [
                new("At equal", "measure"), new("Extra layers", "extraLayers", IsNumeric: true),
                new("Parameters", "parameters", IsNumeric: true), new("MACs", "macs", IsNumeric: true),
                .. hasTime ? (Column[])[new("Roofline ms", "rooflineMilliseconds", IsNumeric: true)] : [],
            ]);
        foreach (DeeperReport report in reports)
        {
            table.Add(
                [
                    new Cell(report.Measure switch { "macs" => "MACs", "rooflineSeconds" => "roofline time", _ => report.Measure }, report.Measure),
                    (long)report.ExtraLayers, report.Parameters, report.Macs,
                    .. hasTime ? (Cell[])[Cell.Number(1000 * report.RooflineSeconds!.Value, "F3")] : [],
                ]);
        }

        return table;
    }

    /// <summary>The rule, and what saves nothing.</summary>
    /// <param name="reports">The reports.</param>
    /// <returns>Sentences.</returns>
    public static string Note(DeeperReport[] reports)
    {
        string rule = $"Standard convolutions are separated; an extra layer repeats the last separable unit of one of {reports[0].Stages} stages "
            + "(images of one size and number of channels) at stride 1 and the width of its output, the stages taking turns.";
        string[] without = [.. reports.Where(report => report.Separated >= report.Budget).Select(report => report.Measure)];
        return without.Length == 0 ? rule : $"{rule} Separability saves nothing in {string.Join(", ", without)}.";
    }
}
