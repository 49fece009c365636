using Sepal.Graphs;

namespace Sepal.Onnx.Import;

/// <summary>Puts the axes of a tensor that is known while importing into another order.</summary>
internal static class TensorDataPermutation
{
    /// <summary>Permutes a tensor's axes.</summary>
    /// <param name="data">The tensor.</param>
    /// <param name="permutation">Which axis of the tensor each axis of the result is.</param>
    public static TensorData Permute(TensorData data, int[] permutation)
    {
        Shape shape = TensorLayouts.Permute(data.Shape, permutation);
        if (TensorLayouts.KeepsElements(data.Shape, permutation))
        {
            return new TensorData(shape, data.ElementType, data.Bytes);
        }

        int size = data.ElementType.ByteSize();
        int rank = permutation.Length;
        var strides = new long[rank];
        long stride = size;
        for (int axis = rank - 1; axis >= 0; axis--)
        {
            strides[Array.IndexOf(permutation, axis)] = stride;
            stride *= data.Shape[axis].Value;
        }

        var bytes = new byte[data.Bytes.Length];
        ReadOnlySpan<byte> source = data.Bytes.Span;
        var index = new long[rank];
        long position = 0;
        for (int target = 0; target < bytes.Length; target += size)
        {
            source.Slice((int)position, size).CopyTo(bytes.AsSpan(target));
            for (int axis = rank - 1; axis >= 0; axis--)
            {
                position += strides[axis];
                if (++index[axis] < shape[axis].Value)
                {
                    break;
                }

                position -= strides[axis] * index[axis];
                index[axis] = 0;
            }
        }

        return new TensorData(shape, data.ElementType, bytes);
    }
}
