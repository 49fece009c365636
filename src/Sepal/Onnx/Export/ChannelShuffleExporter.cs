using Sepal.Graphs;
using Sepal.Operators;

namespace Sepal.Onnx.Export;

/// <summary>
/// Writes a channel shuffle as exporters of other frameworks do: the channels reshaped to groups, transposed, and reshaped back.
/// </summary>
internal static class ChannelShuffleExporter
{
    public static void Export(ExportContext context, Node node)
    {
        Value data = node.Inputs[0];
        int rank = data.Spec.Rank;
        int groups = ((ChannelShuffle)node.Operator).Groups;
        int channelAxis = AxisOrder.ToFile(-1, rank);
        Dimension[] whole = [.. AxisOrder.OfFile(rank).Select(axis => data.Shape[axis])];
        Dimension[] parted =
        [
            .. whole[..channelAxis],
            groups,
            data.Spec.Channels.Value / groups,
            .. whole[(channelAxis + 1)..],
        ];
        long[] permutation = [.. Enumerable.Range(0, rank + 1).Select(axis => (long)axis)];
        (permutation[channelAxis], permutation[channelAxis + 1]) = (channelAxis + 1, channelAxis);
        string grouped = context.AddPart(node, "grouped", "Reshape", [context.Name(data), ShapeOf(context, node, "grouped_shape", parted)]);
        string transposed = context.AddPart(node, "transposed", "Transpose", [grouped], OnnxAttributes.Ints("perm", permutation));
        context.Add(node, "Reshape", [transposed, ShapeOf(context, node, "shape", whole)]);
    }

    /// <summary>The shape as ONNX takes it: 0 keeps an open batch, and −1 computes one other open dimension.</summary>
    private static string ShapeOf(ExportContext context, Node node, string part, Dimension[] dimensions) =>
        dimensions.Skip(1).Count(dimension => !dimension.IsKnown) <= 1
            ? context.Integers(
                node.Name,
                part,
                [.. dimensions.Select((dimension, axis) => dimension.IsKnown ? dimension.Value : axis == 0 ? 0 : -1)])
            : context.Dimensions(node, part, dimensions);
}
