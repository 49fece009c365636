using System.Collections.Immutable;
using System.Diagnostics;
using Sepal.Graphs;
using Sepal.Operators;

namespace Sepal.Onnx.Import.Operators;

/// <summary>Sum, mean, minimum and maximum of any number of tensors, two at a time.</summary>
internal static class VariadicImporter
{
    public static void Import(NodeImport node)
    {
        if (node.InputCount == 1)
        {
            node.OutputSame(0, 0);
            return;
        }

        BinaryFunction function = node.OperatorType switch
        {
            "Sum" or "Mean" => BinaryFunction.Add,
            "Min" => BinaryFunction.Minimum,
            "Max" => BinaryFunction.Maximum,
            _ => throw new UnreachableException($"The operator {node.OperatorType} is not a function of many numbers."),
        };
        bool isMean = node.OperatorType == "Mean";
        (ImmutableArray<Value> values, TensorLayout layout) = node.Aligned();
        Value result = values[0];
        for (int index = 1; index < values.Length; index++)
        {
            bool isLast = index == values.Length - 1 && !isMean;
            result = node.Add(new Binary(function), [result, values[index]], isLast ? null : $"step_{index}");
        }

        node.Output(0, isMean ? node.Add(new Rescaling(1f / values.Length), [result]) : result, layout);
    }
}
