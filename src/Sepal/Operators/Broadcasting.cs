using System.Collections.Immutable;
using Sepal.Graphs;

namespace Sepal.Operators;

/// <summary>NumPy's broadcasting: dimensions of 1 are stretched and missing leading ones added.</summary>
internal static class Broadcasting
{
    /// <summary>The shape that all inputs have together.</summary>
    /// <param name="call">The inputs.</param>
    /// <returns>The shape. An open dimension equals itself, or is paired with 1.</returns>
    /// <exception cref="GraphException">Two dimensions differ and neither is 1.</exception>
    public static Shape CommonShape(OperatorCall call) => CommonShape(call, [.. call.Inputs.Select(input => input.Shape)]);

    /// <summary>The shape that some shapes have together.</summary>
    public static Shape CommonShape(OperatorCall call, ImmutableArray<Shape> shapes)
    {
        int rank = shapes.Max(shape => shape.Rank);
        var dimensions = new Dimension[rank];
        for (int axis = 0; axis < rank; axis++)
        {
            dimensions[axis] = 1;
            foreach (Shape shape in shapes)
            {
                Dimension other = axis < rank - shape.Rank ? 1 : shape[axis - (rank - shape.Rank)];
                if (dimensions[axis] != other && dimensions[axis] != 1 && other != 1)
                {
                    throw call.Error(
                        $"the shapes differ in dimension {axis}: {dimensions[axis]} and {other}",
                        "Dimensions must be equal, or 1 to be repeated.");
                }

                dimensions[axis] = dimensions[axis] == 1 ? other : dimensions[axis];
            }
        }

        return new Shape(dimensions);
    }

    /// <summary>The common shape, with the type and the meaning of the axes of the first input that has its rank.</summary>
    public static TensorSpec Output(OperatorCall call)
    {
        Shape shape = CommonShape(call);
        return call.Inputs.First(input => input.Rank == shape.Rank) with { Shape = shape };
    }

    /// <summary>Refuses inputs of different types.</summary>
    public static void RequireOneType(OperatorCall call, ReadOnlySpan<int> indices)
    {
        foreach (int index in indices[1..])
        {
            if (call.Inputs[index].ElementType != call.Inputs[indices[0]].ElementType)
            {
                throw call.Error(
                    $"the types differ: {call.Inputs[indices[0]].ElementType} and {call.Inputs[index].ElementType}", "Cast one of them.");
            }
        }
    }
}
