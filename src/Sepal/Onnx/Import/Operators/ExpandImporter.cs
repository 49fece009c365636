using System.Collections.Immutable;
using Sepal.Graphs;
using Sepal.Operators;

namespace Sepal.Onnx.Import.Operators;

/// <summary>Tensors repeated to a shape, or a number of times.</summary>
internal static class ExpandImporter
{
    public static void Import(NodeImport node)
    {
        Dimension[] target = [.. node.Dimensions(1)];
        int rank = node.Input(0).Rank;
        TensorLayout layout = target.Length <= rank ? node.NativeLayout(0) : TensorLayout.Planar;
        Shape padded = [.. Enumerable.Repeat((Dimension)1, Math.Max(rank - target.Length, 0)), .. target];
        Shape shape = layout == TensorLayout.ChannelsLast ? TensorLayouts.Permute(padded, TensorLayouts.ToChannelsLast(rank)) : padded;
        node.Output(0, node.Add(new Expand(shape), [node.In(layout, 0)]), layout);
    }

    public static void ImportTile(NodeImport node)
    {
        int rank = node.Input(0).Rank;
        TensorLayout layout = node.NativeLayout(0);
        Dimension[] repeats = node.InputCount == 3 ? AlongOneAxis(node, rank) : [.. node.Dimensions(1)];
        if (repeats.Length != rank)
        {
            throw node.Error($"it has {repeats.Length} repeats", $"Expected {rank}, one for each axis.");
        }

        ImmutableArray<Dimension> ordered = layout == TensorLayout.ChannelsLast
            ? [.. TensorLayouts.ToChannelsLast(rank).Select(axis => repeats[axis])]
            : [.. repeats];
        node.Output(0, node.Add(new Tile(ordered), [node.In(layout, 0)]), layout);
    }

    public static void ImportConstantOfShape(NodeImport node)
    {
        ImportedValue? given = node.Attributes.Tensor("value") is { } tensor ? node.Read(tensor) : null;
        if (given is { Data.Length: not 1 })
        {
            throw node.Error($"its value has the shape {given.Shape}", "Expected a single element.");
        }

        TensorData element = given is null
            ? TensorData.Of<float>(Shape.Scalar, ElementType.Float32, [0])
            : new TensorData(Shape.Scalar, given.StorageType, given.Data!.Bytes);
        var expand = new Expand(new Shape([.. node.Dimensions(0)]));
        node.Output(0, node.Add(expand, [node.Store(element, "value")]), TensorLayout.Planar, given?.DeclaredType ?? ElementType.Float32);
    }

    /// <summary>The form of operator set 1: how many times along which axis.</summary>
    private static Dimension[] AlongOneAxis(NodeImport node, int rank)
    {
        Dimension[] repeats = [.. Enumerable.Repeat((Dimension)1, rank)];
        long[] numbers = [Single(node, 1), Single(node, 2)];
        repeats[node.Axis(numbers[1], rank)] = numbers[0];
        return repeats;
    }

    /// <summary>One whole number, of whatever type; the first operator sets wrote it as a float.</summary>
    private static long Single(NodeImport node, int index)
    {
        TensorData data = node.Constant(index);
        if (data.Length != 1)
        {
            throw node.Error($"input {index} has the shape {data.Shape}", "Expected a single number.");
        }

        return data.ElementType == ElementType.Float32 ? (long)data.Elements<float>()[0] : node.Int64s(index)[0];
    }
}
