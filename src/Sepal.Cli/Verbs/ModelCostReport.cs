using System.Collections.Immutable;
using System.Globalization;
using Sepal.Cli.Costs;
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
    /// <summary>Element operations by kind.</summary>
    public required ElementOperationCounts ElementOperationsByKind { get; init; }

    /// <summary>Memory at the worst moments of inference and training.</summary>
    public required MemoryCost Memory { get; init; }

    /// <summary>Bytes when stored.</summary>
    public required DiskSize Disk { get; init; }

    /// <summary>MACs of a training step's gradients by inputs.</summary>
    public required long BackwardInputMacs { get; init; }

    /// <summary>MACs of a training step's gradients by weights.</summary>
    public required long BackwardWeightMacs { get; init; }

    /// <summary>Operations a byte.</summary>
    public required double ArithmeticIntensity { get; init; }

    /// <summary>The least time in seconds by the roofline model; null where no machine was given.</summary>
    public required double? RooflineSeconds { get; init; }

    /// <summary>Makes the report.</summary>
    /// <param name="model">The file or the architecture.</param>
    /// <param name="graph">Its graph.</param>
    /// <param name="cost">What it costs.</param>
    /// <param name="symbols">What its open dimensions are.</param>
    /// <param name="depth">How many parts of a layer's path the table tells apart; null for all.</param>
    /// <returns>Tables, sentences and JSON.</returns>
    public static Report Of(string model, Graph graph, ModelCost cost, IReadOnlyDictionary<string, long> symbols, int? depth = null)
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
                node.IsCounted ? node.MultiplyAccumulates : null)
            {
                Category = node.Category.ToString().ToLowerInvariant(),
                ElementOperations = node.IsCounted ? node.ElementOperations : null,
                WeightBytes = node.WeightBytes,
                ActivationBytesIn = node.ActivationBytesIn,
                ActivationBytesOut = node.ActivationBytesOut,
                ArithmeticIntensity = node.ArithmeticIntensity,
                RooflineSeconds = node.RooflineSeconds,
            })])
        {
            ElementOperationsByKind = cost.ElementOperationsByKind,
            Memory = cost.Memory,
            Disk = cost.Disk,
            BackwardInputMacs = cost.BackwardInputMultiplyAccumulates,
            BackwardWeightMacs = cost.BackwardWeightMultiplyAccumulates,
            ArithmeticIntensity = cost.ArithmeticIntensity,
            RooflineSeconds = cost.RooflineSeconds,
        };
        return Report.Of(json, CliJson.Default.ModelCostReport, [LayerCostTable.Of(cost, depth), TotalTable(json)], Notes(json, cost.Options));
    }

    private static Table TotalTable(ModelCostReport report)
    {
        var table = new Table(new Column("Total", "total"), new Column("Count", "count", IsNumeric: true));
        table.Add("parameters, trainable", report.Parameters);
        table.Add("parameters, not trainable", report.NonTrainableParameters);
        table.Add("MACs", report.Macs);
        table.Add("FLOPs", report.Flops);
        table.Add("element operations", report.ElementOperations);
        table.Add("training step, gradients by inputs, MACs", report.BackwardInputMacs);
        table.Add("training step, gradients by weights, MACs", report.BackwardWeightMacs);
        table.Add("bytes of activations at most, inference", report.Memory.PeakActivationBytes);
        table.Add("bytes of memory at most, inference", report.Memory.InferenceBytes);
        table.Add("bytes of memory at most, training", report.Memory.TrainingBytes);
        table.Add("bytes on disk, 32-bit floats", report.Disk.Float32);
        table.Add("bytes on disk, 16-bit floats", report.Disk.Float16);
        table.Add("bytes on disk, 8-bit integers", report.Disk.Int8);
        if (report.RooflineSeconds is { } seconds)
        {
            table.Add("roofline time, microseconds", (long)Math.Round(seconds * 1e6));
        }

        return table;
    }

    private static ImmutableArray<string> Notes(ModelCostReport report, CostOptions options)
    {
        string images = report.Batch == 1 ? "one" : report.Batch.ToString("N0", CultureInfo.InvariantCulture);
        bool isUsual = options is { Bias: ElementCounting.ElementOperations, BatchNormalization: ElementCounting.ElementOperations, Activation: ElementCounting.ElementOperations };
        string elements = isUsual
            ? "Biases, activations, pooling and normalisation are element operations."
            : "Biases, batch normalisation and activations are counted as the options say.";
        string counted = $"MACs are those of convolutions and dense layers, for {images} {string.Join('×', report.Input)} input"
            + $"{(report.Batch == 1 ? string.Empty : "s")}; FLOPs are twice as many. {elements}";
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
        string Name, string Operator, string Kind, long[] Output, long Parameters, long NonTrainableParameters, long? Macs)
    {
        /// <summary><c>depthwise</c>, <c>pointwise</c>, <c>standard</c>, <c>dense</c> or <c>rest</c>.</summary>
        public required string Category { get; init; }

        /// <summary>Element operations; null where the operator is unknown.</summary>
        public required long? ElementOperations { get; init; }

        /// <summary>Bytes of weights read.</summary>
        public required long WeightBytes { get; init; }

        /// <summary>Bytes of activations read.</summary>
        public required long ActivationBytesIn { get; init; }

        /// <summary>Bytes of activations written.</summary>
        public required long ActivationBytesOut { get; init; }

        /// <summary>Operations a byte.</summary>
        public required double ArithmeticIntensity { get; init; }

        /// <summary>The least time in seconds; null where no machine was given.</summary>
        public required double? RooflineSeconds { get; init; }
    }
}
