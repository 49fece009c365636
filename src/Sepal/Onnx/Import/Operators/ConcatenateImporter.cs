using Sepal.Graphs;
using Sepal.Operators;

namespace Sepal.Onnx.Import.Operators;

/// <summary>Tensors one after another, and apart again, in whichever layout the first that has one is.</summary>
internal static class ConcatenateImporter
{
    public static void Import(NodeImport node)
    {
        int rank = node.Input(0).Rank;
        int axis = node.Axis(node.Attributes.Int("axis", 1), rank);
        bool isChannelsLast = rank >= 3
            && Enumerable.Range(0, node.InputCount).Any(index => node.NativeLayout(index) == TensorLayout.ChannelsLast);
        TensorLayout layout = isChannelsLast ? TensorLayout.ChannelsLast : TensorLayout.Planar;
        if (Enumerable.Range(0, node.InputCount).Any(index => node.Input(index).Rank != rank))
        {
            throw node.Error("its inputs have different numbers of dimensions", "All must have the same.");
        }

        Value value = node.Add(
            new Concatenate(layout.AxisOf(axis, rank)),
            [.. Enumerable.Range(0, node.InputCount).Select(index => node.In(layout, index))]);
        node.Output(0, value, layout);
    }

    public static void ImportSplit(NodeImport node)
    {
        Shape shape = node.Input(0).Shape;
        int axis = node.Axis(node.Attributes.Int("axis", 0), shape.Rank);
        TensorLayout layout = node.NativeLayout(0);
        Node split = node.AddNode(new Split(layout.AxisOf(axis, shape.Rank), [.. Sizes(node, shape[axis])]), [node.In(layout, 0)]);
        if (split.Outputs.Length != node.OutputCount)
        {
            throw node.Error(
                $"it has {node.OutputCount} outputs, but is split into {split.Outputs.Length}", "Give as many sizes as there are outputs.");
        }

        for (int index = 0; index < split.Outputs.Length; index++)
        {
            node.Output(index, split.Outputs[index], layout);
        }
    }

    private static IEnumerable<Dimension> Sizes(NodeImport node, Dimension length)
    {
        if (node.HasInput(1))
        {
            return node.Dimensions(1);
        }

        if (node.Attributes.Ints("split") is { } given)
        {
            return given.Select(Dimension.FromInt64);
        }

        // Equal parts, the last one smaller where that does not come out even.
        long count = node.Attributes.Int("num_outputs", node.OutputCount);
        if (count != node.OutputCount || count < 1)
        {
            throw node.Error($"it has {node.OutputCount} outputs and the attribute 'num_outputs' {count}", "Expected the same number.");
        }

        Dimension part = Dimension.CeilingDivide(length, count);
        bool isEven = !length.IsKnown || length.Value % count == 0;
        if (!isEven && !node.Attributes.Has("num_outputs"))
        {
            throw node.Error($"{length} elements cannot be split into {count} equal parts", "Give the sizes.");
        }

        Dimension last = length - (part * (count - 1));
        if (last is { IsKnown: true, Value: < 0 })
        {
            throw node.Error($"{length} elements cannot be split into {count} parts of {part}", "Split into fewer.");
        }

        return [.. Enumerable.Repeat(part, (int)count - 1), last];
    }
}
