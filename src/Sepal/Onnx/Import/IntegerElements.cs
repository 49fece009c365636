using System.Collections.Immutable;
using Sepal.Graphs;

namespace Sepal.Onnx.Import;

/// <summary>Small tensors of integers, as numbers or as expressions of the open dimensions: what shapes are computed with.</summary>
internal static class IntegerElements
{
    /// <summary>Far more than any shape, pads or axes have; what is longer is data, not a shape.</summary>
    public const int Most = 1024;

    /// <summary>The elements as 64-bit integers; null where they are not integers.</summary>
    public static long[]? Read(TensorData data) => data.ElementType switch
    {
        ElementType.Int64 => data.Elements<long>().ToArray(),
        ElementType.Int32 => [.. data.Elements<int>().ToArray().Select(element => (long)element)],
        ElementType.Int8 => [.. data.Elements<sbyte>().ToArray().Select(element => (long)element)],
        ElementType.UInt8 or ElementType.Boolean => [.. data.Elements<byte>().ToArray().Select(element => (long)element)],
        _ => null,
    };

    /// <summary>The elements as dimensions, if they are few and integers of 32 or 64 bits.</summary>
    public static ImmutableArray<Dimension>? AsDimensions(TensorData data) =>
        data.Length <= Most && data.ElementType is ElementType.Int64 or ElementType.Int32
            ? [.. Read(data)!.Select(Dimension.FromInt64)]
            : null;

    /// <summary>A value whose elements are expressions; a constant where all are numbers.</summary>
    public static ImportedValue Value(string name, Shape shape, ImmutableArray<Dimension> elements, ElementType type)
    {
        TensorData? data = null;
        if (elements.All(element => element.IsKnown))
        {
            long[] numbers = [.. elements.Select(element => element.Value)];
            data = StorageTypes.Of(type) == ElementType.Int32
                ? TensorData.Of<int>(shape, ElementType.Int32, [.. numbers.Select(number => unchecked((int)number))])
                : TensorData.Of<long>(shape, ElementType.Int64, numbers);
        }

        return new ImportedValue(name, shape, type) { Data = data, Elements = elements };
    }
}
