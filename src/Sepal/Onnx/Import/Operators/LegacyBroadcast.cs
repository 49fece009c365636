using System.Collections.Immutable;
using Sepal.Graphs;

namespace Sepal.Onnx.Import.Operators;

/// <summary>
/// Broadcasting before operator set 7: the second operand's axes are those of the first from an attribute <c>axis</c> on, or
/// its last ones where there is no such attribute, as in NumPy. A slope of PRelu with one axis belongs to the channels.
/// </summary>
internal static class LegacyBroadcast
{
    /// <summary>Two operands so that NumPy's broadcasting does what the file's operator set has.</summary>
    public static (ImmutableArray<Value> Values, TensorLayout Layout) Aligned(NodeImport node)
    {
        if (node.Opset >= 7)
        {
            return node.Aligned();
        }

        int rank = node.Input(0).Rank;
        int own = node.Input(1).Rank;
        long given = node.Attributes.Int("axis", rank - own);
        if (node.OperatorType == "PRelu" && own == 1 && node.Input(1).Shape[0] != 1)
        {
            given = 1;
        }

        if (given == rank - own)
        {
            return node.Aligned();
        }

        int axis = node.Axis(given, rank);
        if (axis + own > rank)
        {
            throw node.Error(
                $"input 1 has {own} axes and belongs to those of input 0 from axis {axis} on, which has {rank}", "Export the model again.");
        }

        TensorLayout layout = node.NativeLayout(0);
        Shape padded = [.. Enumerable.Repeat((Dimension)1, axis), .. node.Input(1).Shape, .. Enumerable.Repeat((Dimension)1, rank - own - axis)];
        int[] order = layout == TensorLayout.Planar ? [.. Enumerable.Range(0, rank)] : TensorLayouts.ToChannelsLast(rank);
        int[] permutation = [.. order.Where(position => position >= axis && position < axis + own).Select(position => position - axis)];
        Value second = node.Weight(1, permutation, TensorLayouts.Permute(padded, order));
        return ([node.In(layout, 0), second], layout);
    }
}
