using Sepal.Graphs;
using Sepal.Operators;

namespace Sepal.Onnx.Export;

/// <summary>
/// Writes <c>BatchNormalization</c> in its form for inference. The momentum is written too: ONNX has Keras's convention.
/// </summary>
internal static class BatchNormalizationExporter
{
    public static void Export(ExportContext context, Node node)
    {
        var normalization = (BatchNormalization)node.Operator;
        ChannelsFirst.Add(
            context,
            node,
            "BatchNormalization",
            [.. node.Inputs.Skip(1).Select(context.Name)],
            OnnxAttributes.Float("epsilon", normalization.Epsilon),
            OnnxAttributes.Float("momentum", normalization.Momentum));
    }
}
