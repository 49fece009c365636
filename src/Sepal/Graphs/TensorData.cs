using System.Runtime.InteropServices;

namespace Sepal.Graphs;

/// <summary>The numbers of a tensor that never change: its shape, its element type, and its elements as bytes.</summary>
public sealed partial class TensorData
{
    /// <summary>Makes a tensor of bytes.</summary>
    /// <param name="shape">A shape of numbers, outermost first.</param>
    /// <param name="elementType">What the elements are.</param>
    /// <param name="bytes">The elements in storage order, little-endian.</param>
    /// <exception cref="GraphException">The shape is open, or the number of bytes is not the shape's.</exception>
    public TensorData(Shape shape, ElementType elementType, ReadOnlyMemory<byte> bytes)
    {
        ArgumentNullException.ThrowIfNull(shape);
        if (!shape.IsKnown || shape.Any(dimension => dimension.Value < 0))
        {
            throw new GraphException($"A constant of the shape {shape} cannot be: every dimension must be a number of at least 0.");
        }

        if (shape.ElementCount * elementType.ByteSize() != bytes.Length)
        {
            throw new GraphException(
                $"A constant of the shape {shape} and type {elementType} takes {shape.ElementCount * elementType.ByteSize()} bytes, "
                + $"but {bytes.Length} were given.");
        }

        Shape = shape;
        ElementType = elementType;
        Bytes = bytes;
    }

    /// <summary>The extents, outermost first; all are numbers.</summary>
    public Shape Shape { get; }

    /// <summary>What the elements are.</summary>
    public ElementType ElementType { get; }

    /// <summary>The elements in storage order, little-endian.</summary>
    public ReadOnlyMemory<byte> Bytes { get; }

    /// <summary>The number of elements.</summary>
    public int Length => Bytes.Length / ElementType.ByteSize();

    /// <summary>Makes a tensor of numbers.</summary>
    /// <typeparam name="T">The .NET type of the element type.</typeparam>
    /// <param name="shape">A shape of numbers, outermost first.</param>
    /// <param name="elementType">What the elements are.</param>
    /// <param name="elements">The elements in storage order; copied.</param>
    /// <returns>The tensor.</returns>
    /// <exception cref="GraphException">The count is not the shape's.</exception>
    public static TensorData Of<T>(Shape shape, ElementType elementType, ReadOnlySpan<T> elements)
        where T : unmanaged => new(shape, elementType, MemoryMarshal.AsBytes(elements).ToArray());

    /// <summary>Makes a tensor of 64-bit integers with one dimension, such as a shape.</summary>
    /// <param name="elements">The elements; copied.</param>
    /// <returns>The tensor.</returns>
    public static TensorData OfInt64(params ReadOnlySpan<long> elements) => Of([elements.Length], ElementType.Int64, elements);

    /// <summary>The elements as numbers of a .NET type of their size.</summary>
    /// <typeparam name="T">The .NET type of <see cref="ElementType"/>.</typeparam>
    /// <returns>The elements in storage order.</returns>
    public ReadOnlySpan<T> Elements<T>()
        where T : unmanaged => MemoryMarshal.Cast<byte, T>(Bytes.Span);
}
