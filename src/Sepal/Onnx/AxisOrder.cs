using Sepal.Graphs;

namespace Sepal.Onnx;

/// <summary>Axis orders of the file, as permutations of Sepal's: axis i of the file is axis <c>order[i]</c> of ours.</summary>
internal static class AxisOrder
{
    /// <summary>An image: batch, height, width, channels becomes batch, channels, height, width.</summary>
    public static int[] Image { get; } = [0, 3, 1, 2];

    /// <summary>An image of the file becomes one of ours.</summary>
    public static int[] ImageBack { get; } = [0, 2, 3, 1];

    /// <summary>A convolution's kernel: height, width, input channels, filters becomes filters, input channels, height, width.</summary>
    public static int[] Kernel { get; } = [3, 2, 0, 1];

    /// <summary>The same order.</summary>
    public static int[] Same(int rank) => [.. Enumerable.Range(0, rank)];

    /// <summary>The file's order of a value: images are NCHW, all else is as it is.</summary>
    public static int[] OfFile(int rank) => rank == 4 ? Image : Same(rank);

    /// <summary>Where an axis of Sepal's is in the file; negative ones count from the end.</summary>
    public static int ToFile(int axis, int rank) => Array.IndexOf(OfFile(rank), axis < 0 ? axis + rank : axis);

    /// <summary>The order that undoes another.</summary>
    public static int[] Inverse(ReadOnlySpan<int> order)
    {
        var inverse = new int[order.Length];
        for (int axis = 0; axis < order.Length; axis++)
        {
            inverse[order[axis]] = axis;
        }

        return inverse;
    }

    /// <summary>Whether an order changes nothing.</summary>
    public static bool IsSame(ReadOnlySpan<int> order)
    {
        for (int axis = 0; axis < order.Length; axis++)
        {
            if (order[axis] != axis)
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>A tensor with its axes in another order.</summary>
    public static TensorData Permute(TensorData data, ReadOnlySpan<int> order)
    {
        if (IsSame(order))
        {
            return data;
        }

        var bytes = new byte[data.Bytes.Length];
        Permute(data, order, bytes);
        var permuted = new Dimension[order.Length];
        for (int axis = 0; axis < permuted.Length; axis++)
        {
            permuted[axis] = data.Shape[order[axis]];
        }

        return new TensorData(new Shape(permuted), data.ElementType, bytes);
    }

    /// <summary>Writes a tensor's elements with its axes in another order.</summary>
    /// <param name="data">The tensor.</param>
    /// <param name="order">Which of its axes each axis of the result is.</param>
    /// <param name="destination">As many bytes as the tensor has.</param>
    public static void Permute(TensorData data, ReadOnlySpan<int> order, Span<byte> destination)
    {
        ReadOnlySpan<byte> source = data.Bytes.Span;
        if (IsSame(order))
        {
            source.CopyTo(destination);
            return;
        }

        int size = data.ElementType.ByteSize();
        int rank = order.Length;
        long[] lengths = [.. data.Shape.Select(dimension => dimension.Value)];
        var strides = new long[rank];
        long stride = 1;
        for (int axis = rank - 1; axis >= 0; axis--)
        {
            strides[axis] = stride;
            stride *= lengths[axis];
        }

        var position = new long[rank];
        long from = 0;
        for (int to = 0; to < source.Length; to += size)
        {
            source.Slice((int)from * size, size).CopyTo(destination.Slice(to, size));

            // The next position: count up from the last axis, and carry.
            for (int axis = rank - 1; axis >= 0; axis--)
            {
                from += strides[order[axis]];
                if (++position[axis] < lengths[order[axis]])
                {
                    break;
                }

                from -= strides[order[axis]] * position[axis];
                position[axis] = 0;
            }
        }
    }
}
