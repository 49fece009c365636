using Sepal.Graphs;
using Sepal.Operators;

namespace Sepal.Onnx.Import.Operators;

/// <summary>Conversions between what a file declares and what a graph stores.</summary>
internal static class ElementTypeImport
{
    /// <summary>
    /// A value as another declared type: rounded or wrapped as that type would, and then stored as the graph stores it.
    /// </summary>
    /// <param name="node">The node that asks.</param>
    /// <param name="value">The value, in the storage type of <paramref name="from"/>.</param>
    /// <param name="from">The type that the file gives it.</param>
    /// <param name="to">The type that the file wants.</param>
    /// <returns>The value in the storage type of <paramref name="to"/>.</returns>
    public static Value Convert(NodeImport node, Value value, ElementType from, ElementType to)
    {
        if (from == to)
        {
            return value;
        }

        // The bits of an unsigned number are stored as a signed one; what they stand for matters only outside integers.
        if (from == ElementType.UInt64 && (to.IsFloatingPoint() || to == ElementType.Boolean))
        {
            value = Cast(node, value, ElementType.UInt64, "as_unsigned");
        }

        ElementType stored = StorageTypes.Of(to);
        bool narrows = stored != to && to != ElementType.Float64 && !(to == ElementType.UInt64 && !from.IsFloatingPoint());
        return Cast(node, narrows ? Cast(node, value, to, "narrow") : value, stored, "stored");
    }

    /// <summary>A value as numbers in 32-bit floating point, for operators that compute in no other.</summary>
    public static Value ToFloat(NodeImport node, Value value) => Cast(node, value, ElementType.Float32, "as_float");

    /// <summary>A value as a type, by a step if it is of another one.</summary>
    public static Value Cast(NodeImport node, Value value, ElementType type, string part) =>
        value.Spec.ElementType == type ? value : node.Add(new Cast(type), [value], part);
}
