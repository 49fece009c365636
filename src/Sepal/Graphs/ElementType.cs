namespace Sepal.Graphs;

/// <summary>
/// What the elements of a tensor are. Sepal computes in <see cref="Float32"/>; the others are stored, and the integers and
/// <see cref="Boolean"/> are also what shapes, indices and conditions are computed in.
/// </summary>
public enum ElementType
{
    /// <summary>32-bit IEEE floating point.</summary>
    Float32,

    /// <summary>64-bit IEEE floating point.</summary>
    Float64,

    /// <summary>16-bit IEEE floating point.</summary>
    Float16,

    /// <summary>The upper 16 bits of a 32-bit IEEE floating-point number.</summary>
    BFloat16,

    /// <summary>64-bit signed integer.</summary>
    Int64,

    /// <summary>32-bit signed integer.</summary>
    Int32,

    /// <summary>16-bit signed integer.</summary>
    Int16,

    /// <summary>8-bit signed integer.</summary>
    Int8,

    /// <summary>64-bit unsigned integer.</summary>
    UInt64,

    /// <summary>32-bit unsigned integer.</summary>
    UInt32,

    /// <summary>16-bit unsigned integer.</summary>
    UInt16,

    /// <summary>8-bit unsigned integer.</summary>
    UInt8,

    /// <summary>True (1) or false (0), a byte each.</summary>
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
        ElementType.Float64 or ElementType.Int64 or ElementType.UInt64 => 8,
        ElementType.Float32 or ElementType.Int32 or ElementType.UInt32 => 4,
        ElementType.Float16 or ElementType.BFloat16 or ElementType.Int16 or ElementType.UInt16 => 2,
        _ => 1,
    };

    /// <summary>Whether the elements are floating-point numbers of any size.</summary>
    /// <param name="type">The element type.</param>
    /// <returns>True for 16, 32 and 64-bit floating point.</returns>
    public static bool IsFloatingPoint(this ElementType type) =>
        type is ElementType.Float32 or ElementType.Float64 or ElementType.Float16 or ElementType.BFloat16;

    /// <summary>The element type whose elements a .NET type holds.</summary>
    /// <typeparam name="T">
    /// <see cref="float"/>, <see cref="double"/>, <see cref="Half"/>, <see cref="bool"/> or an integer of 8 to 64 bits.
    /// </typeparam>
    /// <returns>The element type.</returns>
    /// <exception cref="SepalException">There is none.</exception>
    public static ElementType Of<T>()
        where T : unmanaged
    {
        return default(T) switch
        {
            float => ElementType.Float32,
            double => ElementType.Float64,
            Half => ElementType.Float16,
            long => ElementType.Int64,
            int => ElementType.Int32,
            short => ElementType.Int16,
            sbyte => ElementType.Int8,
            ulong => ElementType.UInt64,
            uint => ElementType.UInt32,
            ushort => ElementType.UInt16,
            byte => ElementType.UInt8,
            bool => ElementType.Boolean,
            _ => throw new SepalException(
                $"Tensors do not hold elements of the .NET type {typeof(T).Name}. Use float, double, Half, bool or an integer of 8 to 64 bits."),
        };
    }

    /// <summary>
    /// Whether a .NET type holds the elements of an element type: <see cref="Of{T}"/>, and for those without a .NET type of
    /// their own their bits (<see cref="ushort"/> for <see cref="ElementType.BFloat16"/>), and bytes for truth values.
    /// </summary>
    /// <typeparam name="T">The .NET type.</typeparam>
    /// <param name="type">The element type.</param>
    /// <returns>Whether elements can be read and written as such numbers.</returns>
    public static bool IsHeldBy<T>(this ElementType type)
        where T : unmanaged
    {
        ElementType held = Of<T>();
        return held == type || (type, held) is (ElementType.BFloat16, ElementType.UInt16) or (ElementType.Boolean, ElementType.UInt8);
    }
}
