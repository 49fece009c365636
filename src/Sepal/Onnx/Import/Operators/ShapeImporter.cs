using System.Collections.Immutable;
using Sepal.Graphs;

namespace Sepal.Onnx.Import.Operators;

/// <summary>Sizes as integers: they are known, or expressions of the open dimensions, while importing.</summary>
internal static class ShapeImporter
{
    public static void Import(NodeImport node)
    {
        Shape shape = node.Input(0).Shape;
        int start = Clamp(node.Attributes.Int("start", 0), shape.Rank);
        int end = Clamp(node.Attributes.Int("end", shape.Rank), shape.Rank);
        ImmutableArray<Dimension> elements = [.. shape.Take(end).Skip(start)];
        node.OutputDimensions(0, [elements.Length], elements, ElementType.Int64);
    }

    public static void ImportSize(NodeImport node) =>
        node.OutputDimensions(0, Shape.Scalar, [node.Input(0).Shape.ElementCount], ElementType.Int64);

    private static int Clamp(long position, int length) => (int)Math.Clamp(position < 0 ? position + length : position, 0, length);
}
