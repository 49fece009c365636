using System.Collections.Immutable;
using System.Globalization;
using Sepal.Cli.Tables;

namespace Sepal.Cli.Costs;

/// <summary>What <c>sepal cost A B …</c> says, as its JSON holds it.</summary>
/// <param name="Models">The models, in the order given.</param>
internal sealed record SideBySideReport(SideBySideReport.Figures[] Models)
{
    /// <summary>Makes the report.</summary>
    /// <param name="models">The models; at least two.</param>
    /// <returns>A table, a sentence and JSON.</returns>
    public static Report Of(ImmutableArray<CountedModel> models)
    {
        var json = new SideBySideReport([.. models.Select(Figures.Of)]);
        return Report.Of(json, CliJson.Default.SideBySideReport, [json.Table()], [json.Note()]);
    }

    private Table Table()
    {
        bool hasTime = Models.All(model => model.RooflineSeconds is not null);
        var table = new Table(
            [
                new("Model", "model"), new("Input", "input", IsNumeric: true), new("Layers", "layers", IsNumeric: true),
                new("Parameters", "parameters", IsNumeric: true), new("Not trainable", "nonTrainableParameters", IsNumeric: true),
                new("MACs", "macs", IsNumeric: true), new("Of the first", "macRatio", IsNumeric: true),
                new("Element operations", "elementOperations", IsNumeric: true), new("Memory", "memoryBytes", IsNumeric: true),
                .. hasTime ? (Column[])[new("Roofline ms", "rooflineMilliseconds", IsNumeric: true)] : [],
            ]);
        foreach (Figures model in Models)
        {
            table.Add(
                [
                    model.Model, Cell.Extents(model.Input), (long)model.Layers, model.Parameters, model.NonTrainableParameters,
                    model.Macs, Cell.Number(Models[0].Macs == 0 ? 1 : (double)model.Macs / Models[0].Macs, "F3"), model.ElementOperations,
                    new Cell(Quantities.ShortBytes(model.MemoryBytes), model.MemoryBytes.ToString(CultureInfo.InvariantCulture)),
                    .. hasTime ? (Cell[])[Cell.Number(1000 * model.RooflineSeconds!.Value, "F3")] : [],
                ]);
        }

        return table;
    }

    private string Note()
    {
        string[] unknown = [.. Models.Where(model => model.Uncounted > 0).Select(model => string.Create(CultureInfo.InvariantCulture, $"{model.Uncounted} in '{model.Model}'"))];
        const string Counted = "Memory is the parameters, and the activations at the worst moment of inference.";
        return unknown.Length == 0 ? Counted : $"{Counted} Layers that are not counted, since their operators are unknown: {string.Join(", ", unknown)}.";
    }

    /// <summary>A model's totals.</summary>
    /// <param name="Model">The file or the architecture.</param>
    /// <param name="Input">The first input's shape, without the batch.</param>
    /// <param name="Batch">Images in the batch.</param>
    /// <param name="Layers">How many nodes it has.</param>
    /// <param name="Parameters">Parameters that training changes.</param>
    /// <param name="NonTrainableParameters">The others.</param>
    /// <param name="Macs">Multiply-adds.</param>
    /// <param name="Flops">Twice the MACs.</param>
    /// <param name="ElementOperations">All other work.</param>
    /// <param name="MemoryBytes">Parameters, and activations at the worst moment of inference.</param>
    /// <param name="RooflineSeconds">The roofline time; null without a machine.</param>
    /// <param name="Uncounted">How many layers' work is unknown.</param>
    internal sealed record Figures(
        string Model,
        long[] Input,
        int Batch,
        int Layers,
        long Parameters,
        long NonTrainableParameters,
        long Macs,
        long Flops,
        long ElementOperations,
        long MemoryBytes,
        double? RooflineSeconds,
        int Uncounted)
    {
        /// <summary>The totals of a model.</summary>
        /// <param name="model">The model.</param>
        /// <returns>The totals.</returns>
        public static Figures Of(CountedModel model) => new(
            model.Name,
            model.Input,
            model.Cost.Batch,
            model.Cost.Nodes.Length,
            model.Cost.TrainableParameters,
            model.Cost.NonTrainableParameters,
            model.Cost.MultiplyAccumulates,
            model.Cost.Flops,
            model.Cost.ElementOperations,
            model.Cost.Memory.InferenceBytes,
            model.Cost.RooflineSeconds,
            model.Cost.UncountedNodes.Count());
    }
}
