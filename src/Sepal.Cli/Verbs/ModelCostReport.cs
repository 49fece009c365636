using System.Collections.Immutable;
using System.Globalization;
using Sepal.Cli.Tables;
using Sepal.Costs;
using Sepal.Graphs;

namespace Sepal.Cli.Verbs;

/// <summary>What <c>sepal cost MODEL</c> says about a model, as its JSON holds it.</summary>
/// <param name="Model">The file or the architecture.</param>
/// <param name="Input">The first input's shape, without the batch.</param>
/// <param name="Batch">Images in the batch that is counted for.</param>
/// <param name="Parameters">Parameters that training changes.</param>
/// <param name="NonTrainableParameters">The others, such as moving statistics.</param>
/// <param name="Macs">Multiply-adds of convolutions and dense layers.</param>
/// <param name="Flops">Twice the MACs.</param>
/// <param name="ElementOperations">All other work.</param>
/// <param name="Uncounted">Names of layers whose work is unknown.</param>
/// <param name="Layers">The layers, in the order in which they run.</param>
internal sealed record ModelCostReport(
    string Model,
    long[] Input,
    int Batch,
    long Parameters,
    long NonTrainableParameters,
    long Macs,
    long Flops,
    long ElementOperations,
    string[] Uncounted,
    ModelCostReport.Layer[] Layers)
{
    /// <summary>Makes the report.</summary>
    /// <param name="model">The file or the architecture.</param>
    /// <param name="graph">Its graph.</param>
    /// <param name="cost">What it costs.</param>
    /// <param name="symbols">What its open dimensions are.</param>
    /// <returns>Tables, sentences and JSON.</returns>
    public static Report Of(string model, Graph graph, ModelCost cost, IReadOnlyDictionary<string, long> symbols)
    {
        var json = new ModelCostReport(
            model,
            Numbers(graph.Inputs[0].Shape.Resolve(symbols)),
            cost.Batch,
            cost.TrainableParameters,
            cost.NonTrainableParameters,
            cost.MultiplyAccumulates,
            checked(2 * cost.MultiplyAccumulates),
            cost.ElementOperations,
            [.. cost.UncountedNodes.Select(node => node.Name)],
            [.. cost.Nodes.Select((node, index) => new Layer(
                node.Name,
                graph.Nodes[index].Operator.Name,
                node.Kind,
                Numbers(node.OutputShape),
                node.TrainableParameters,
                node.NonTrainableParameters,
                node.IsCounted ? node.MultiplyAccumulates : null))]);
        return Report.Of(json, CliJson.Default.ModelCostReport, [LayerTable(json), TotalTable(json)], Notes(json));
    }

    private static Table LayerTable(ModelCostReport report)
    {
        var table = new Table(
            new Column("Layer", "name"),
            new Column("Kind", "kind"),
            new Column("Output", "output", IsNumeric: true),
            new Column("Parameters", "parameters", IsNumeric: true),
            new Column("MACs", "macs", IsNumeric: true));
        foreach (Layer layer in report.Layers)
        {
            Cell output = layer.Output.Length == 0 ? "scalar" : Cell.Extents(layer.Output);
            table.Add(layer.Name, layer.Kind, output, layer.Parameters, layer.Macs is { } macs ? macs : "unknown");
        }

        return table;
    }

    private static Table TotalTable(ModelCostReport report)
    {
        var table = new Table(new Column("Total", "total"), new Column("Count", "count", IsNumeric: true));
        table.Add("parameters, trainable", report.Parameters);
        table.Add("parameters, not trainable", report.NonTrainableParameters);
        table.Add("MACs", report.Macs);
        table.Add("FLOPs", report.Flops);
        table.Add("element operations", report.ElementOperations);
        return table;
    }

    private static ImmutableArray<string> Notes(ModelCostReport report)
    {
        string images = report.Batch == 1 ? "one" : report.Batch.ToString("N0", CultureInfo.InvariantCulture);
        string counted = $"MACs are those of convolutions and dense layers, for {images} {string.Join('×', report.Input)} input"
            + $"{(report.Batch == 1 ? string.Empty : "s")}; FLOPs are twice as many. Biases, activations, pooling and normalisation are element operations.";
        return report.Uncounted.Length == 0
            ? [counted]
            : [counted, $"Not counted, since their operators are unknown: {string.Join(", ", report.Uncounted)}."];
    }

    private static long[] Numbers(Shape shape) => [.. shape.Skip(1).Select(dimension => dimension.Value)];

    /// <summary>A layer, which is a node of the graph.</summary>
    /// <param name="Name">Its path.</param>
    /// <param name="Operator">The operator.</param>
    /// <param name="Kind">Of a convolution <c>standard</c>, <c>depthwise</c>, <c>pointwise</c> or <c>grouped</c>; otherwise the operator.</param>
    /// <param name="Output">The output's shape, without the batch.</param>
    /// <param name="Parameters">Parameters that training changes.</param>
    /// <param name="NonTrainableParameters">The others.</param>
    /// <param name="Macs">Multiply-adds; null where the operator is unknown.</param>
    internal sealed record Layer(
        string Name, string Operator, string Kind, long[] Output, long Parameters, long NonTrainableParameters, long? Macs);
}
