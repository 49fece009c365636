using Sepal.Graphs;

namespace Sepal.Onnx.Import.Operators;

/// <summary>A tensor, a number or a list of numbers that is written into the node.</summary>
internal static class ConstantImporter
{
    public static void Import(NodeImport node)
    {
        NodeAttributes attributes = node.Attributes;
        if (attributes.Tensor("value") is { } tensor)
        {
            ImportedValue value = node.Read(tensor);
            node.OutputConstant(0, value.Data!, value.DeclaredType);
        }
        else if (attributes.Floats("value_floats") is { } floats)
        {
            node.OutputConstant(0, TensorData.Of<float>([floats.Length], ElementType.Float32, floats), ElementType.Float32);
        }
        else if (attributes.Ints("value_ints") is { } integers)
        {
            node.OutputConstant(0, TensorData.OfInt64(integers), ElementType.Int64);
        }
        else if (attributes.Has("value_float"))
        {
            node.OutputConstant(
                0, TensorData.Of<float>(Shape.Scalar, ElementType.Float32, [attributes.Float("value_float", 0)]), ElementType.Float32);
        }
        else if (attributes.Has("value_int"))
        {
            node.OutputConstant(
                0, TensorData.Of<long>(Shape.Scalar, ElementType.Int64, [attributes.Int("value_int", 0)]), ElementType.Int64);
        }
        else
        {
            throw node.Error(
                "it has none of the attributes value, value_float, value_floats, value_int and value_ints",
                "Sparse and text constants are not supported.");
        }
    }
}
