using Sepal.Graphs;

namespace Sepal.Data;

/// <summary>Element types as NumPy spells them: a letter for the kind, and the bytes of an element.</summary>
internal static class NpyElementTypes
{
    /// <summary>The spelling with its byte order, little-endian.</summary>
    /// <param name="type">The element type.</param>
    /// <returns>For example <c>&lt;f4</c>, or <c>|u1</c> where there is no order.</returns>
    public static string Describe(ElementType type) => type switch
    {
        ElementType.Float32 => "<f4",
        ElementType.Float64 => "<f8",
        ElementType.Float16 => "<f2",
        ElementType.BFloat16 => "<V2",
        ElementType.Int64 => "<i8",
        ElementType.Int32 => "<i4",
        ElementType.Int16 => "<i2",
        ElementType.Int8 => "|i1",
        ElementType.UInt64 => "<u8",
        ElementType.UInt32 => "<u4",
        ElementType.UInt16 => "<u2",
        ElementType.UInt8 => "|u1",
        ElementType.Boolean => "|b1",
        _ => throw new ArgumentOutOfRangeException(nameof(type), type, "not an element type"),
    };

    /// <summary>Understands a spelling.</summary>
    /// <param name="description">The spelling, with its byte order.</param>
    /// <returns>The element type, and whether its bytes are to be swapped; null where it is none that Sepal knows.</returns>
    public static (ElementType Type, bool IsBigEndian)? Parse(string description)
    {
        if (description is not ['<' or '>' or '|' or '=', .. string kind])
        {
            return null;
        }

        foreach (ElementType type in Enum.GetValues<ElementType>())
        {
            if (Describe(type)[1..] == kind)
            {
                return (type, description[0] == '>');
            }
        }

        return null;
    }
}
