using System.Collections.Immutable;
using Sepal.Graphs;
using Sepal.Operators;

namespace Sepal.Onnx.Import.Operators;

/// <summary>Functions of two numbers, with NumPy's broadcasting.</summary>
internal static class BinaryImporter
{
    public static void Import(NodeImport node)
    {
        (ImmutableArray<Value> values, TensorLayout layout) = node.Aligned();
        BinaryFunction function = node.OperatorType == "Add" ? BinaryFunction.Add : BinaryFunction.Multiply;
        node.Output(0, node.Add(new Binary(function), values), layout);
    }
}
