using System.Collections.Immutable;
using Sepal.Graphs;
using Sepal.Operators;

namespace Sepal.Onnx.Import.Operators;

/// <summary>Each element from one of two tensors.</summary>
internal static class WhereImporter
{
    public static void Import(NodeImport node)
    {
        (ImmutableArray<Value> values, TensorLayout layout) = node.Aligned();
        node.Output(0, node.Add(new Where(), values), layout, node.Input(1).DeclaredType);
    }
}
