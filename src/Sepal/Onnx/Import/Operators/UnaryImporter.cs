using System.Diagnostics;
using Sepal.Operators;

namespace Sepal.Onnx.Import.Operators;

/// <summary>Functions of one number: any layout will do.</summary>
internal static class UnaryImporter
{
    public static void Import(NodeImport node)
    {
        TensorLayout layout = node.NativeLayout(0);
        node.Output(0, node.Add(new Unary(Function(node.OperatorType)), [node.In(layout, 0)]), layout);
    }

    private static UnaryFunction Function(string operatorType) => operatorType switch
    {
        "Relu" => UnaryFunction.Relu,
        "Sigmoid" => UnaryFunction.Sigmoid,
        "Tanh" => UnaryFunction.Tanh,
        _ => throw new UnreachableException($"The operator {operatorType} is not a function of one number."),
    };
}
