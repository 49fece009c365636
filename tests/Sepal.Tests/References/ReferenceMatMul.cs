namespace Sepal.Tests.References;

/// <summary>Matrix products with NumPy's broadcasting: every element a sum of its own.</summary>
internal static class ReferenceMatMul
{
    public static double[] Forward(double[] left, int[] leftShape, double[] right, int[] rightShape)
    {
        leftShape = leftShape.Length == 1 ? [1, leftShape[0]] : leftShape;
        rightShape = rightShape.Length == 1 ? [rightShape[0], 1] : rightShape;
        int rows = leftShape[^2];
        int terms = leftShape[^1];
        int columns = rightShape[^1];
        int[] batch = ReferenceBinary.Shape(leftShape[..^2], rightShape[..^2]);
        int products = batch.Aggregate(1, (product, extent) => product * extent);
        var output = new double[products * rows * columns];
        for (int product = 0; product < products; product++)
        {
            int leftStart = ReferenceBinary.Position(product, batch, leftShape[..^2]) * rows * terms;
            int rightStart = ReferenceBinary.Position(product, batch, rightShape[..^2]) * terms * columns;
            for (int element = 0; element < rows * columns; element++)
            {
                (int row, int column) = Math.DivRem(element, columns);
                output[(product * rows * columns) + element] = Enumerable.Range(0, terms).Sum(term =>
                    left[leftStart + (row * terms) + term] * right[rightStart + (term * columns) + column]);
            }
        }

        return output;
    }
}
