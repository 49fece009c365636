using Sepal.Graphs;

namespace Sepal.Onnx.Import.Operators;

/// <summary>Axes of 1 taken out and put in: attributes before operator set 13, and inputs since.</summary>
internal static class SqueezeImporter
{
    public static void Import(NodeImport node)
    {
        Shape shape = node.Input(0).Shape;
        HashSet<int> axes = Axes(node, shape.Rank) ?? [.. Enumerable.Range(0, shape.Rank).Where(axis => shape[axis] == 1)];
        foreach (int axis in axes)
        {
            if (shape[axis] is { IsKnown: true, Value: not 1 })
            {
                throw node.Error($"dimension {axis} of {shape} is to be taken out", "Only a dimension of 1 can be.");
            }
        }

        node.Output(
            0, node.Reshaped(node.Planar(0), new Shape([.. shape.Where((_, axis) => !axes.Contains(axis))])), TensorLayout.Planar);
    }

    public static void ImportUnsqueeze(NodeImport node)
    {
        Shape shape = node.Input(0).Shape;
        int count = (node.HasInput(1) ? node.Int64s(1).Length : node.Attributes.Ints("axes")?.Length) ?? 0;
        HashSet<int> axes = Axes(node, shape.Rank + count)
            ?? throw node.Error("it does not say which axes to put in", "Give the axes.");
        var dimensions = new Queue<Dimension>(shape);
        Dimension[] result = [.. Enumerable.Range(0, shape.Rank + axes.Count).Select(axis => axes.Contains(axis) ? 1 : dimensions.Dequeue())];
        node.Output(0, node.Reshaped(node.Planar(0), new Shape(result)), TensorLayout.Planar);
    }

    private static HashSet<int>? Axes(NodeImport node, int rank)
    {
        long[]? given = node.HasInput(1) ? node.Int64s(1) : node.Attributes.Ints("axes");
        if (given is null)
        {
            return null;
        }

        HashSet<int> axes = [.. given.Select(axis => node.Axis(axis, rank))];
        return axes.Count == given.Length
            ? axes
            : throw node.Error($"the axes are [{string.Join(", ", given)}]", "Name each axis once.");
    }
}
