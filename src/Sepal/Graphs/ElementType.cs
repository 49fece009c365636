namespace Sepal.Graphs;

/// <summary>What the elements of a tensor are. Sepal computes in <see cref="Float32"/>; the others are stored.</summary>
public enum ElementType
{
    /// <summary>32-bit IEEE floating point.</summary>
    Float32,

    /// <summary>64-bit IEEE floating point.</summary>
    Float64,

    /// <summary>16-bit IEEE floating point.</summary>
    Float16,

    /// <summary>64-bit signed integer.</summary>
    Int64,

    /// <summary>32-bit signed integer.</summary>
    Int32,

    /// <summary>8-bit signed integer.</summary>
    Int8,

    /// <summary>8-bit unsigned integer.</summary>
    UInt8,

    /// <summary>True or false, a byte each.</summary>
    Boolean,
}

/// <summary>Facts about element types.</summary>
public static class ElementTypes
{
    /// <summary>The bytes of one element.</summary>
    /// <param name="type">The element type.</param>
    /// <returns>1, 2, 4 or 8.</returns>
    public static int ByteSize(this ElementType type) => type switch
    {
        ElementType.Float64 or ElementType.Int64 => 8,
        ElementType.Float32 or ElementType.Int32 => 4,
        ElementType.Float16 => 2,
        _ => 1,
    };
}
