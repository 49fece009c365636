using Sepal.Graphs;
using Sepal.Operators;

namespace Sepal.Onnx.Import.Operators;

/// <summary>Batch normalisation by the statistics in the file; the moving ones, when the model is trained further.</summary>
internal static class BatchNormalizationImporter
{
    public static void Import(NodeImport node)
    {
        bool isTraining = node.Attributes.Flag("training_mode", false);
        bool hasStatistics = Enumerable.Range(1, Math.Max(node.OutputCount - 1, 0)).Any(node.WantsOutput);
        if (isTraining || hasStatistics)
        {
            throw node.Error("it is in training mode", "Export the model in inference mode (PyTorch: model.eval()).");
        }

        if (node.Input(1).Rank != 1)
        {
            throw node.Error(
                $"its scale has the shape {node.Input(1).Shape}, one factor for each place", "Only normalisation by channel (spatial = 1) is supported.");
        }

        var normalization = new BatchNormalization
        {
            Epsilon = node.Attributes.Float("epsilon", 1e-5f),
            Momentum = node.Attributes.Float("momentum", 0.9f),
        };
        Value value = node.Add(
            normalization,
            [node.ChannelsLast(0), node.Vector(1), node.Vector(2), node.Vector(3, trainable: false), node.Vector(4, trainable: false)]);
        node.Output(0, value, TensorLayout.ChannelsLast);
    }
}
