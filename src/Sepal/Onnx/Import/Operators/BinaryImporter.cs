using System.Collections.Immutable;
using System.Diagnostics;
using Sepal.Graphs;
using Sepal.Operators;

namespace Sepal.Onnx.Import.Operators;

/// <summary>Functions of two numbers, and comparisons, with NumPy's broadcasting.</summary>
internal static class BinaryImporter
{
    public static void Import(NodeImport node)
    {
        (ImmutableArray<Value> values, TensorLayout layout) = LegacyBroadcast.Aligned(node);
        node.Output(0, node.Add(new Binary(Function(node.OperatorType)), values), layout);
    }

    public static void ImportComparison(NodeImport node)
    {
        (ImmutableArray<Value> values, TensorLayout layout) = LegacyBroadcast.Aligned(node);
        node.Output(0, node.Add(new Comparison(Comparison(node.OperatorType)), values), layout, ElementType.Boolean);
    }

    public static void ImportLogical(NodeImport node)
    {
        (ImmutableArray<Value> values, TensorLayout layout) = LegacyBroadcast.Aligned(node);
        LogicalFunction function = node.OperatorType switch
        {
            "And" => LogicalFunction.And,
            "Or" => LogicalFunction.Or,
            "Xor" => LogicalFunction.Xor,
            _ => throw new UnreachableException($"The operator {node.OperatorType} is not a function of two conditions."),
        };
        node.Output(0, node.Add(new Logical(function), values), layout, ElementType.Boolean);
    }

    private static BinaryFunction Function(string operatorType) => operatorType switch
    {
        "Add" => BinaryFunction.Add,
        "Sub" => BinaryFunction.Subtract,
        "Mul" => BinaryFunction.Multiply,
        "Div" => BinaryFunction.Divide,
        "PRelu" => BinaryFunction.PRelu,
        _ => throw new UnreachableException($"The operator {operatorType} is not a function of two numbers."),
    };

    private static ComparisonFunction Comparison(string operatorType) => operatorType switch
    {
        "Equal" => ComparisonFunction.Equal,
        "Greater" => ComparisonFunction.Greater,
        "GreaterOrEqual" => ComparisonFunction.GreaterOrEqual,
        "Less" => ComparisonFunction.Less,
        "LessOrEqual" => ComparisonFunction.LessOrEqual,
        _ => throw new UnreachableException($"The operator {operatorType} is not a comparison."),
    };
}
