using System.Collections.Immutable;

namespace Sepal.Operators;

/// <summary>Axes as users write them: negative ones count from the end.</summary>
internal static class AxisList
{
    /// <summary>One axis from 0.</summary>
    /// <param name="call">The node, for messages.</param>
    /// <param name="axis">The axis as written.</param>
    /// <param name="rank">Of the tensor.</param>
    /// <exception cref="Graphs.GraphException">The tensor has no such axis.</exception>
    public static int Normalize(OperatorCall call, int axis, int rank) =>
        axis >= -rank && axis < rank
            ? axis < 0 ? axis + rank : axis
            : throw call.Error($"the axis is {axis}", rank == 0
                ? "A scalar has no axes."
                : $"Expected an axis from {-rank} to {rank - 1}; negative ones count from the end.");

    /// <summary>Whether each axis is in a list; an empty list stands for all.</summary>
    /// <exception cref="Graphs.GraphException">The tensor has no such axis, or one is listed twice.</exception>
    public static bool[] Mask(OperatorCall call, ImmutableArray<int> axes, int rank)
    {
        var mask = new bool[rank];
        if (axes.IsDefaultOrEmpty)
        {
            Array.Fill(mask, true);
            return mask;
        }

        foreach (int axis in axes)
        {
            int position = Normalize(call, axis, rank);
            if (mask[position])
            {
                throw call.Error($"the axes ({string.Join(", ", axes)}) name one twice", "Give every axis once.");
            }

            mask[position] = true;
        }

        return mask;
    }
}
