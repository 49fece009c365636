using System.Collections.Immutable;

namespace Sepal.Operators;

/// <summary>Axes as users write them: negative ones count from the end.</summary>
internal static class AxisList
{
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
            int position = call.RequireAxis(axis, rank);
            if (mask[position])
            {
                throw call.Error($"the axes ({string.Join(", ", axes)}) name one twice", "Give every axis once.");
            }

            mask[position] = true;
        }

        return mask;
    }
}
