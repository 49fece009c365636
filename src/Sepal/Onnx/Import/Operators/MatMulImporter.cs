using System.Collections.Immutable;
using Sepal.Graphs;
using Sepal.Operators;

namespace Sepal.Onnx.Import.Operators;

/// <summary>
/// Matrix products. One with a matrix of weights is a dense layer. Integers are multiplied as floats, which is exact up to
/// sums of 2²⁴.
/// </summary>
internal static class MatMulImporter
{
    public static void Import(NodeImport node)
    {
        Value left = Floats(node, node.Planar(0), "left");
        ImportedValue weights = node.Input(1);
        bool isDense = weights is { IsConstant: true, Rank: 2, StorageType: ElementType.Float32 }
            && left.Shape is { Rank: >= 2 } shape && shape[^1].IsKnown;
        Value right = isDense ? node.Weight(1, [0, 1]) : Floats(node, node.Planar(1), "right");
        Operator product = isDense ? new Dense(checked((int)weights.Shape[1].Value)) : new MatMul();
        bool isFloat = node.Input(0).StorageType == ElementType.Float32;
        Value result = node.Add(product, [left, right], isFloat ? null : "product");
        node.Output(0, isFloat ? result : node.Add(new Cast(node.Input(0).StorageType), [result]), TensorLayout.Planar);
    }

    /// <summary><c>alpha·A·B + beta·C</c>, with A and B transposed if said so.</summary>
    public static void ImportGemm(NodeImport node)
    {
        NodeAttributes attributes = node.Attributes;
        float alpha = attributes.Float("alpha", 1);
        float beta = attributes.Float("beta", 1);
        ElementType type = node.Input(0).StorageType;
        Value left = Floats(node, node.Planar(0), "left");
        left = attributes.Flag("transA", false) ? node.Move(left, [1, 0], "left_transposed") : left;
        int[] order = attributes.Flag("transB", false) ? [1, 0] : [0, 1];
        Value right = Floats(node, node.Weight(1, order), "right");
        bool hasAddend = node.HasInput(2) && beta != 0;
        Value? bias = hasAddend && alpha == 1 && beta == 1 ? Bias(node, right.Shape[1]) : null;
        bool isDense = node.Input(1).IsConstant && left.Shape[^1].IsKnown;
        bool adds = hasAddend && (bias is null || !isDense);
        bool isLast = alpha == 1 && !adds && type == ElementType.Float32;
        ImmutableArray<Value> inputs = isDense && bias is not null ? [left, right, bias] : [left, right];
        Operator product = isDense ? new Dense(checked((int)right.Shape[1].Value)) : new MatMul();
        Value result = node.Add(product, inputs, isLast ? null : "product");
        if (alpha != 1)
        {
            result = node.Add(new Rescaling(alpha), [result], adds || type != ElementType.Float32 ? "alpha" : null);
        }

        if (adds)
        {
            Value addend = Floats(node, node.Planar(2), "addend");
            addend = beta == 1 ? addend : node.Add(new Rescaling(beta), [addend], "beta");
            result = node.Add(new Binary(BinaryFunction.Add), [result, addend], type == ElementType.Float32 ? null : "sum");
        }

        node.Output(0, type == ElementType.Float32 ? result : node.Add(new Cast(type), [result]), TensorLayout.Planar);
    }

    /// <summary>The addend as a dense layer's bias, if it has a number for each column.</summary>
    private static Value? Bias(NodeImport node, Dimension columns)
    {
        ImportedValue addend = node.Input(2);
        bool fits = addend is { IsConstant: true, Rank: 1 or 2, StorageType: ElementType.Float32 }
            && addend.Shape[^1] == columns && (addend.Rank == 1 || addend.Shape[0] == 1);
        return fits ? node.Weight(2, [.. Enumerable.Range(0, addend.Rank)], [columns]) : null;
    }

    private static Value Floats(NodeImport node, Value value, string part) =>
        value.Spec.ElementType == ElementType.Float32 ? value : node.Add(new Cast(ElementType.Float32), [value], $"{part}_as_float");
}
