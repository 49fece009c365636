using Sepal.Graphs;
using Sepal.Operators;

namespace Sepal.Onnx.Export;

/// <summary>Writes normalisation of layers and instances, and by neighbouring channels.</summary>
internal static class NormalizationExporter
{
    /// <summary>The last axes are normalised, so that images are transposed to Sepal's order before, and back after.</summary>
    public static void ExportLayer(ExportContext context, Node node)
    {
        var normalization = (LayerNormalization)node.Operator;
        int rank = node.Inputs[0].Spec.Rank;
        int axis = normalization.Axis < 0 ? normalization.Axis + rank : normalization.Axis;
        context.AddChannelsLast(
            node,
            "LayerNormalization",
            [.. node.Inputs.Select(context.ChannelsLast)],
            OnnxAttributes.Int("axis", axis),
            OnnxAttributes.Float("epsilon", normalization.Epsilon));
    }

    public static void ExportInstance(ExportContext context, Node node) => ChannelsFirst.Add(
        context,
        node,
        "InstanceNormalization",
        [.. node.Inputs.Skip(1).Select(context.Name)],
        OnnxAttributes.Float("epsilon", ((InstanceNormalization)node.Operator).Epsilon));

    public static void ExportLocalResponse(ExportContext context, Node node)
    {
        var normalization = (LocalResponseNormalization)node.Operator;
        ChannelsFirst.Add(
            context,
            node,
            "LRN",
            [],
            OnnxAttributes.Int("size", normalization.Size),
            OnnxAttributes.Float("alpha", normalization.Alpha),
            OnnxAttributes.Float("beta", normalization.Beta),
            OnnxAttributes.Float("bias", normalization.Bias));
    }
}
