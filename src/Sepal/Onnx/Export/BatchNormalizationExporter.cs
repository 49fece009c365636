using System.Collections.Immutable;
using Sepal.Graphs;
using Sepal.Onnx.Protocol;
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
        Value data = node.Inputs[0];
        int rank = data.Spec.Rank;
        AttributeProto[] attributes =
        [
            OnnxAttributes.Float("epsilon", normalization.Epsilon), OnnxAttributes.Float("momentum", normalization.Momentum),
        ];
        ImmutableArray<string> statistics = [.. node.Inputs.Skip(1).Select(context.Name)];
        if (rank is 2 or 4)
        {
            context.Add(node, "BatchNormalization", [context.Name(data), .. statistics], attributes);
            return;
        }

        // ONNX normalises axis 1; only images have their channels there already.
        long[] first = [0, rank - 1, .. Enumerable.Range(1, rank - 2)];
        long[] last = [0, .. Enumerable.Range(2, rank - 2), 1];
        string channelsFirst = context.AddPart(
            node, "channels_first", "Transpose", [context.Name(data)], OnnxAttributes.Ints("perm", first));
        string normalized = context.AddPart(node, "normalized", "BatchNormalization", [channelsFirst, .. statistics], attributes);
        context.Add(node, "Transpose", [normalized], OnnxAttributes.Ints("perm", last));
    }
}
