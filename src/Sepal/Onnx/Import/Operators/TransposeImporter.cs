using Sepal.Graphs;

namespace Sepal.Onnx.Import.Operators;

/// <summary>
/// Axes in another order. Where one of the two layouts of the result is what lies in memory already, such as channels first of a
/// file that has them last, nothing is moved.
/// </summary>
internal static class TransposeImporter
{
    public static void Import(NodeImport node)
    {
        int rank = node.Input(0).Rank;
        int[] permutation = node.Attributes.Int32s("perm") ?? [.. Enumerable.Range(0, rank).Reverse()];
        if (!permutation.Order().SequenceEqual(Enumerable.Range(0, rank)))
        {
            throw node.Error(
                $"the attribute 'perm' is [{string.Join(", ", permutation)}]", $"Expected each axis from 0 to {rank - 1} once.");
        }

        TensorLayout from = node.NativeLayout(0);
        Value value = node.In(from, 0);
        int[] planar = [.. permutation.Select(axis => from.AxisOf(axis, rank))];
        int[] channelsLast = [.. TensorLayouts.ToChannelsLast(rank).Select(axis => planar[axis])];
        bool staysChannelsLast = rank >= 3
            && !TensorLayouts.KeepsElements(value.Shape, planar) && TensorLayouts.KeepsElements(value.Shape, channelsLast);
        node.Output(
            0,
            node.Move(value, staysChannelsLast ? channelsLast : planar),
            staysChannelsLast ? TensorLayout.ChannelsLast : TensorLayout.Planar);
    }
}
