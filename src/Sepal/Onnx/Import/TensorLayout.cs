using Sepal.Graphs;

namespace Sepal.Onnx.Import;

/// <summary>In which order a value's axes lie in memory.</summary>
internal enum TensorLayout
{
    /// <summary>As the file has them: batch, channels, then space.</summary>
    Planar,

    /// <summary>Batch, then space, then channels: axis 1 of the file comes last. The same as planar below rank 3.</summary>
    ChannelsLast,
}

/// <summary>Permutations between the two layouts.</summary>
internal static class TensorLayouts
{
    /// <summary>Which axis of the file each axis of a channels-last tensor is: <c>0, 2, 3, 1</c> for rank 4.</summary>
    public static int[] ToChannelsLast(int rank) => rank < 3 ? [.. Enumerable.Range(0, rank)] : [0, .. Enumerable.Range(2, rank - 2), 1];

    /// <summary>Which axis of a channels-last tensor each axis of the file is: <c>0, 3, 1, 2</c> for rank 4.</summary>
    public static int[] ToPlanar(int rank) => rank < 3 ? [.. Enumerable.Range(0, rank)] : [0, rank - 1, .. Enumerable.Range(1, rank - 2)];

    /// <summary>Where in a layout an axis of the file lies.</summary>
    /// <param name="layout">The layout.</param>
    /// <param name="axis">An axis of the file, from 0.</param>
    /// <param name="rank">The number of axes.</param>
    public static int AxisOf(this TensorLayout layout, int axis, int rank) => layout == TensorLayout.Planar ? axis : ToPlanar(rank)[axis];

    /// <summary>A shape with its axes in another order.</summary>
    public static Shape Permute(Shape shape, ReadOnlySpan<int> permutation)
    {
        var dimensions = new Dimension[permutation.Length];
        for (int axis = 0; axis < permutation.Length; axis++)
        {
            dimensions[axis] = shape[permutation[axis]];
        }

        return new Shape(dimensions);
    }

    /// <summary>Whether a permutation moves only axes of extent 1, so that the elements stay where they are.</summary>
    public static bool KeepsElements(Shape shape, ReadOnlySpan<int> permutation)
    {
        int last = -1;
        foreach (int axis in permutation)
        {
            if (shape[axis] == 1)
            {
                continue;
            }

            if (axis < last)
            {
                return false;
            }

            last = axis;
        }

        return true;
    }
}
