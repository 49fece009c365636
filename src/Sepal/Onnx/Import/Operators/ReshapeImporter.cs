using Sepal.Graphs;
using Sepal.Operators;

namespace Sepal.Onnx.Import.Operators;

/// <summary>
/// The same elements with another shape. Their order is the file's, so images are put back into it first, unless they have a
/// single pixel or a single channel.
/// </summary>
internal static class ReshapeImporter
{
    public static void Import(NodeImport node)
    {
        ImportedValue input = node.Input(0);
        bool allowZero = node.Attributes.Flag("allowzero", false);
        Dimension[] target = [.. node.Dimensions(1)];
        for (int axis = 0; axis < target.Length; axis++)
        {
            if (target[axis] == 0 && !allowZero)
            {
                target[axis] = axis < input.Rank
                    ? input.Shape[axis]
                    : throw node.Error(
                        $"dimension {axis} of the target is 0, the input's own, but the input has the shape {input.Shape}",
                        "Give that dimension a number.");
            }
        }

        // A file for one batch size alone has that number as a constant where it means the batch.
        if (node.OpenedBatch is { } batch && target.Length > 1 && target[0] == batch && input.Rank > 0 && input.Shape[0] == Dimension.Batch)
        {
            target[0] = Dimension.Batch;
        }

        Value planar = node.Planar(0);
        node.Output(0, node.Add(new Reshape(new Shape(target)) { KeepsBatch = false }, [planar]), TensorLayout.Planar);
    }

    public static void ImportFlatten(NodeImport node)
    {
        Shape shape = node.Input(0).Shape;
        long given = node.Attributes.Int("axis", 1);
        int axis = given == shape.Rank ? shape.Rank : node.Axis(given, shape.Rank);
        Dimension before = shape.Take(axis).Aggregate(Dimension.FromInt64(1), (product, next) => product * next);
        Dimension after = shape.Skip(axis).Aggregate(Dimension.FromInt64(1), (product, next) => product * next);
        node.Output(0, node.Add(new Reshape([before, after]) { KeepsBatch = false }, [node.Planar(0)]), TensorLayout.Planar);
    }
}
