using Sepal.Graphs;

namespace Sepal.Onnx.Import.Operators;

/// <summary>The same numbers as another element type, given by its number or as that of another value.</summary>
internal static class CastImporter
{
    public static void Import(NodeImport node) =>
        Import(node, OnnxElementTypes.FromOnnx(node.Attributes.Int32("to", 0), $"The node '{node.OperatorType}'"));

    public static void ImportLike(NodeImport node) => Import(node, node.Input(1).DeclaredType);

    private static void Import(NodeImport node, ElementType type)
    {
        TensorLayout layout = node.NativeLayout(0);
        Value value = ElementTypeImport.Convert(node, node.In(layout, 0), node.Input(0).DeclaredType, type);
        node.Output(0, value, layout, type);
    }
}
