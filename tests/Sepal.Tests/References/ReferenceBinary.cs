using System.Diagnostics;
using Sepal.Operators;

namespace Sepal.Tests.References;

/// <summary>Functions of two tensors, repeated as NumPy does: coordinates taken one by one.</summary>
internal static class ReferenceBinary
{
    public static double[] Forward(BinaryFunction function, double[] left, int[] leftShape, double[] right, int[] rightShape)
    {
        int[] shape = Shape(leftShape, rightShape);
        var output = new double[shape.Aggregate(1, (product, dimension) => product * dimension)];
        for (int index = 0; index < output.Length; index++)
        {
            double a = left[Position(index, shape, leftShape)];
            double b = right[Position(index, shape, rightShape)];
            output[index] = Apply(function, a, b);
        }

        return output;
    }

    public static double Apply(BinaryFunction function, double a, double b) => function switch
    {
        BinaryFunction.Add => a + b,
        BinaryFunction.Subtract => a - b,
        BinaryFunction.Multiply => a * b,
        BinaryFunction.Divide => a / b,
        BinaryFunction.Minimum => Math.Min(a, b),
        BinaryFunction.Maximum => Math.Max(a, b),
        BinaryFunction.Power => Math.Pow(a, b),
        BinaryFunction.PRelu => a < 0 ? a * b : a,
        _ => throw new UnreachableException(),
    };

    public static int[] Shape(int[] left, int[] right)
    {
        int rank = Math.Max(left.Length, right.Length);
        return [.. Enumerable.Range(0, rank).Select(axis => Math.Max(At(left, axis, rank), At(right, axis, rank)))];
    }

    private static int At(int[] shape, int axis, int rank) =>
        axis < rank - shape.Length ? 1 : shape[axis - (rank - shape.Length)];

    /// <summary>Where an element of the whole lies in an operand.</summary>
    public static int Position(int index, int[] shape, int[] operand)
    {
        int position = 0;
        int stride = 1;
        for (int axis = shape.Length - 1; axis >= 0; axis--)
        {
            (index, int coordinate) = Math.DivRem(index, shape[axis]);
            int extent = At(operand, axis, shape.Length);
            position += extent == 1 ? 0 : coordinate * stride;
            stride *= extent;
        }

        return position;
    }
}
