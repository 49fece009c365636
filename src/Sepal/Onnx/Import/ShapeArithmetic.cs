using System.Collections.Immutable;
using Sepal.Graphs;

namespace Sepal.Onnx.Import;

/// <summary>
/// Arithmetic on sizes: what exporters write around a reshape. On numbers and on expressions of open dimensions alike, so
/// that the batch, and where the graph allows it height and width, stay open.
/// </summary>
internal static class ShapeArithmetic
{
    /// <summary>Computes a node's output from sizes, if the node is of that kind and its inputs are known.</summary>
    /// <returns>False if the node must be imported in the usual way.</returns>
    public static bool TryFold(NodeImport node) => node.OperatorType switch
    {
        _ when !InputsAreSizes(node) => false,
        "Add" => FoldBinary(node, (left, right) => left + right),
        "Sub" => FoldBinary(node, (left, right) => left - right),
        "Mul" => FoldBinary(node, (left, right) => left * right),
        "Div" => FoldBinary(node, Quotient),
        "Concat" => FoldConcat(node),
        "Gather" => FoldGather(node),
        "Slice" => FoldSlice(node),
        "Squeeze" or "Unsqueeze" or "Reshape" or "Identity" => FoldSameElements(node),
        "Cast" => FoldCast(node),
        "ReduceProd" => FoldProduct(node),
        _ => false,
    };

    /// <summary>Whether the first input, or both of a function of two, are sizes of which at least one is open.</summary>
    private static bool InputsAreSizes(NodeImport node)
    {
        bool open = false;
        for (int index = 0; index < node.InputCount; index++)
        {
            if (!node.HasInput(index) || node.Input(index).Elements is not { } elements)
            {
                return false;
            }

            open |= elements.Any(element => !element.IsKnown);
        }

        // Numbers alone are computed by the operators themselves.
        return open;
    }

    private static bool FoldBinary(NodeImport node, Func<Dimension, Dimension, Dimension?> function)
    {
        (ImportedValue left, ImportedValue right) = (node.Input(0), node.Input(1));
        if (left.Rank > 1 || right.Rank > 1)
        {
            return false;
        }

        int length = Math.Max(left.Elements!.Value.Length, right.Elements!.Value.Length);
        var elements = new Dimension[length];
        for (int index = 0; index < length; index++)
        {
            if (Element(left, index, length) is not { } first
                || Element(right, index, length) is not { } second
                || function(first, second) is not { } result)
            {
                return false;
            }

            elements[index] = result;
        }

        node.OutputDimensions(0, left.Rank >= right.Rank ? ShapeOf(left.Rank, length) : ShapeOf(right.Rank, length), [.. elements], left.DeclaredType);
        return true;
    }

    private static Shape ShapeOf(int rank, int length) => rank == 0 ? Shape.Scalar : [length];

    private static Dimension? Element(ImportedValue value, int index, int length)
    {
        ImmutableArray<Dimension> elements = value.Elements!.Value;
        return elements.Length == length ? elements[index] : elements.Length == 1 ? elements[0] : null;
    }

    /// <summary>Sizes are not negative, where ONNX's truncation and the floor are the same.</summary>
    private static Dimension? Quotient(Dimension dividend, Dimension divisor) =>
        divisor is { IsKnown: true, Value: <= 0 } ? null : Dimension.FloorDivide(dividend, divisor);

    private static bool FoldConcat(NodeImport node)
    {
        IEnumerable<ImportedValue> inputs = Enumerable.Range(0, node.InputCount).Select(node.Input);
        // A vector joined to itself again and again is data, not a shape, and left to be computed.
        if (inputs.Any(input => input.Rank != 1) || inputs.Sum(input => (long)input.Elements!.Value.Length) > IntegerElements.Most)
        {
            return false;
        }

        ImmutableArray<Dimension> elements = [.. inputs.SelectMany(input => input.Elements!.Value)];
        node.OutputDimensions(0, [elements.Length], elements, node.Input(0).DeclaredType);
        return true;
    }

    private static bool FoldGather(NodeImport node)
    {
        (ImportedValue data, ImportedValue indices) = (node.Input(0), node.Input(1));
        ImmutableArray<Dimension> source = data.Elements!.Value;
        if (data.Rank != 1 || indices.Rank > 1 || indices.Elements!.Value.Any(index => !index.IsKnown))
        {
            return false;
        }

        Dimension[] elements = [.. indices.Elements.Value.Select(index => source[node.Axis(index.Value, source.Length)])];
        node.OutputDimensions(0, ShapeOf(indices.Rank, elements.Length), [.. elements], data.DeclaredType);
        return true;
    }

    private static bool FoldSlice(NodeImport node)
    {
        ImmutableArray<Dimension> source = node.Input(0).Elements!.Value;
        bool known = Enumerable.Range(1, Math.Max(node.InputCount - 1, 0)).All(index => node.Input(index).IsConstant);
        long[]? starts = node.Opset < 10 ? node.Attributes.Ints("starts") : known && node.HasInput(1) ? node.Int64s(1) : null;
        long[]? ends = node.Opset < 10 ? node.Attributes.Ints("ends") : known && node.HasInput(2) ? node.Int64s(2) : null;
        bool forwards = !node.HasInput(4) || (known && node.Int64s(4) is [1]);
        if (node.Input(0).Rank != 1 || starts is not [long start] || ends is not [long end] || !forwards)
        {
            return false;
        }

        int from = Clamp(start, source.Length);
        int to = Math.Max(Clamp(end, source.Length), from);
        node.OutputDimensions(0, [to - from], source[from..to], node.Input(0).DeclaredType);
        return true;
    }

    /// <summary>Scalars and vectors of the same elements.</summary>
    private static bool FoldSameElements(NodeImport node)
    {
        ImmutableArray<Dimension> elements = node.Input(0).Elements!.Value;
        int rank = node.Input(0).Rank;
        Shape? shape = node.OperatorType switch
        {
            "Identity" => node.Input(0).Shape,
            "Unsqueeze" when rank == 0 => [1],
            "Squeeze" when elements.Length == 1 => Shape.Scalar,
            "Reshape" when node.Int64s(1) is [-1] => [elements.Length],
            "Reshape" when node.Int64s(1) is [var length] && length == elements.Length => [elements.Length],
            _ => null,
        };
        if (shape is null)
        {
            return false;
        }

        node.OutputDimensions(0, shape, elements, node.Input(0).DeclaredType);
        return true;
    }

    private static bool FoldCast(NodeImport node)
    {
        ElementType type = OnnxElementTypes.FromOnnx(node.Attributes.Int32("to", 0), "A Cast");
        if (type is not (ElementType.Int64 or ElementType.Int32))
        {
            return false;
        }

        node.OutputDimensions(0, node.Input(0).Shape, node.Input(0).Elements!.Value, type);
        return true;
    }

    private static bool FoldProduct(NodeImport node)
    {
        if (node.Input(0).Rank != 1)
        {
            return false;
        }

        Dimension product = node.Input(0).Elements!.Value.Aggregate(Dimension.FromInt64(1), (total, next) => total * next);
        node.OutputDimensions(0, node.Attributes.Flag("keepdims", true) ? [1] : Shape.Scalar, [product], node.Input(0).DeclaredType);
        return true;
    }

    private static int Clamp(long position, int length) => (int)Math.Clamp(position < 0 ? position + length : position, 0, length);
}
