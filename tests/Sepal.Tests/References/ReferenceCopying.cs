namespace Sepal.Tests.References;

/// <summary>Operators that only move elements, coordinate by coordinate.</summary>
internal static class ReferenceCopying
{
    public static double[] Concatenate(double[][] inputs, int[][] shapes, int axis)
    {
        axis = axis < 0 ? axis + shapes[0].Length : axis;
        int rows = shapes[0][..axis].Aggregate(1, (product, dimension) => product * dimension);
        return [.. Enumerable.Range(0, rows).SelectMany(row => inputs.SelectMany(input =>
        {
            int length = input.Length / rows;
            return input.Skip(row * length).Take(length);
        }))];
    }

    public static double[] ZeroPadding(double[] input, int[] shape, Padding2D padding)
    {
        int height = shape[1] + padding.Top + padding.Bottom;
        int width = shape[2] + padding.Left + padding.Right;
        var output = new double[shape[0] * height * width * shape[3]];
        for (int index = 0; index < input.Length; index++)
        {
            (int pixel, int channel) = Math.DivRem(index, shape[3]);
            (int line, int column) = Math.DivRem(pixel, shape[2]);
            (int image, int row) = Math.DivRem(line, shape[1]);
            output[(((((image * height) + row + padding.Top) * width) + column + padding.Left) * shape[3]) + channel] = input[index];
        }

        return output;
    }
}
