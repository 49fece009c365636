using Sepal.Graphs;

namespace Sepal.Onnx.Import.Operators;

/// <summary>
/// An input to be reduced over axes of the file, in the layout that it has where the result then has a layout, too.
/// </summary>
/// <param name="Value">The input.</param>
/// <param name="Axes">The axes in its layout.</param>
/// <param name="Layout">The result's layout.</param>
internal sealed record ReducedAxes(Value Value, int[] Axes, TensorLayout Layout)
{
    /// <summary>Finds the layout to reduce input 0 in.</summary>
    /// <param name="node">The node.</param>
    /// <param name="axes">The axes in the file's order, from 0.</param>
    /// <param name="keep">Whether they stay, as 1 each.</param>
    public static ReducedAxes Of(NodeImport node, int[] axes, bool keep)
    {
        int rank = node.Input(0).Rank;
        TensorLayout native = rank < 3 ? TensorLayout.Planar : node.NativeLayout(0);
        if (native == TensorLayout.Planar)
        {
            return new ReducedAxes(node.Planar(0), axes, TensorLayout.Planar);
        }

        // Without the channels, or without any axis of space, what is left is in the file's order.
        bool keepsSpace = Enumerable.Range(2, rank - 2).Any(axis => !axes.Contains(axis));
        bool isOrdered = axes.Contains(1) || !keepsSpace;
        if (!keep && !isOrdered && axes.Contains(0))
        {
            return new ReducedAxes(node.Planar(0), axes, TensorLayout.Planar);
        }

        int[] inside = [.. axes.Select(axis => native.AxisOf(axis, rank))];
        return new ReducedAxes(node.ChannelsLast(0), inside, keep || !isOrdered ? TensorLayout.ChannelsLast : TensorLayout.Planar);
    }
}
