using System.Numerics.Tensors;
using System.Runtime.InteropServices;

namespace Sepal.Graphs;

/// <content>To and from the tensors of System.Numerics.Tensors.</content>
public sealed partial class TensorData
{
    /// <summary>Copies a tensor.</summary>
    /// <typeparam name="T">The .NET type of the elements, which gives the element type.</typeparam>
    /// <param name="tensor">The tensor; need not be contiguous.</param>
    /// <returns>Its elements, in storage order.</returns>
    /// <exception cref="SepalException">Tensors do not hold such elements.</exception>
    public static TensorData Of<T>(Tensor<T> tensor)
        where T : unmanaged
    {
        ArgumentNullException.ThrowIfNull(tensor);
        return Of<T>(tensor.AsReadOnlyTensorSpan());
    }

    /// <summary>Copies a tensor.</summary>
    /// <typeparam name="T">The .NET type of the elements, which gives the element type.</typeparam>
    /// <param name="tensor">The tensor; need not be contiguous.</param>
    /// <returns>Its elements, in storage order.</returns>
    /// <exception cref="SepalException">Tensors do not hold such elements.</exception>
    public static TensorData Of<T>(ReadOnlyTensorSpan<T> tensor)
        where T : unmanaged
    {
        var bytes = new byte[checked((int)tensor.FlattenedLength * ElementTypes.Of<T>().ByteSize())];
        tensor.FlattenTo(MemoryMarshal.Cast<byte, T>(bytes.AsSpan()));
        return new TensorData(ShapeOf(tensor), ElementTypes.Of<T>(), bytes);
    }

    /// <summary>Copies the elements into a tensor of a .NET type.</summary>
    /// <typeparam name="T">The .NET type of <see cref="ElementType"/>; <see cref="ushort"/> for the bits of bfloat16.</typeparam>
    /// <returns>A contiguous tensor of the same shape; <c>[1]</c> for a scalar.</returns>
    /// <exception cref="SepalException">The elements are of another type.</exception>
    public Tensor<T> ToTensor<T>()
        where T : unmanaged
    {
        if (!ElementType.IsHeldBy<T>())
        {
            throw new SepalException(
                $"The tensor {Shape} holds elements of the type {ElementType}, which the .NET type {typeof(T).Name} does not hold.");
        }

        return ToTensor(Elements<T>().ToArray(), Shape);
    }

    /// <summary>
    /// Elements as a tensor of a shape of numbers. A scalar becomes a tensor of one dimension: those of System.Numerics.Tensors
    /// have at least one.
    /// </summary>
    internal static Tensor<T> ToTensor<T>(T[] elements, Shape shape) =>
        Tensor.Create(elements, shape.Rank == 0 ? [1] : [.. shape.Select(dimension => (nint)dimension.Value)]);

    /// <summary>A tensor's extents as a shape.</summary>
    internal static Shape ShapeOf<T>(ReadOnlyTensorSpan<T> tensor)
    {
        var dimensions = new Dimension[tensor.Rank];
        for (int axis = 0; axis < dimensions.Length; axis++)
        {
            dimensions[axis] = tensor.Lengths[axis];
        }

        return new Shape(dimensions);
    }
}
