using System.Collections.Immutable;
using Sepal.Graphs;
using Sepal.Onnx.Protocol;

namespace Sepal.Onnx.Export;

/// <summary>
/// Adds operators whose channels ONNX wants as axis 1. Only rows and images have them there already; all else is transposed
/// before and after.
/// </summary>
internal static class ChannelsFirst
{
    /// <param name="context">The file.</param>
    /// <param name="node">What is written; its first input is the data.</param>
    /// <param name="type">The ONNX operator.</param>
    /// <param name="others">The other inputs' names.</param>
    /// <param name="attributes">The ONNX node's attributes.</param>
    public static void Add(ExportContext context, Node node, string type, ImmutableArray<string> others, params ReadOnlySpan<AttributeProto> attributes)
    {
        Value data = node.Inputs[0];
        int rank = data.Spec.Rank;
        if (rank is 1 or 2 or 4)
        {
            context.Add(node, type, [context.Name(data), .. others], attributes);
            return;
        }

        long[] first = [0, rank - 1, .. Enumerable.Range(1, rank - 2)];
        long[] last = [0, .. Enumerable.Range(2, rank - 2), 1];
        string channelsFirst = context.AddPart(node, "channels_first", "Transpose", [context.Name(data)], OnnxAttributes.Ints("perm", first));
        string normalized = context.AddPart(node, "normalized", type, [channelsFirst, .. others], attributes);
        context.Add(node, "Transpose", [normalized], OnnxAttributes.Ints("perm", last));
    }
}
