namespace Sepal.Tests.References;

/// <summary>The singular value decomposition of a textbook: one-sided Jacobi rotations (Golub and Van Loan, 8.6.3), in double precision.</summary>
internal static class ReferenceSingularValues
{
    /// <summary>The singular values of a matrix, the largest first.</summary>
    /// <param name="matrix">Rows by columns.</param>
    public static double[] Of(double[,] matrix)
    {
        (int rows, int columns) = (matrix.GetLength(0), matrix.GetLength(1));
        var work = (double[,])matrix.Clone();
        bool rotated = true;
        for (int sweep = 0; rotated && sweep < 60; sweep++)
        {
            rotated = false;
            for (int left = 0; left < columns; left++)
            {
                for (int right = left + 1; right < columns; right++)
                {
                    rotated |= Rotate(work, rows, left, right);
                }
            }
        }

        return [.. Enumerable.Range(0, columns)
            .Select(column => Math.Sqrt(Dot(work, rows, column, column)))
            .OrderDescending()
            .Take(Math.Min(rows, columns))];
    }

    /// <summary>Turns two columns so that they are orthogonal.</summary>
    private static bool Rotate(double[,] work, int rows, int left, int right)
    {
        double a = Dot(work, rows, left, left);
        double b = Dot(work, rows, right, right);
        double c = Dot(work, rows, left, right);
        if (Math.Abs(c) <= 1e-15 * Math.Sqrt(a * b))
        {
            return false;
        }

        double zeta = (b - a) / (2 * c);
        double tangent = (zeta >= 0 ? 1 : -1) / (Math.Abs(zeta) + Math.Sqrt(1 + (zeta * zeta)));
        double cosine = 1 / Math.Sqrt(1 + (tangent * tangent));
        double sine = cosine * tangent;
        for (int row = 0; row < rows; row++)
        {
            (double x, double y) = (work[row, left], work[row, right]);
            work[row, left] = (cosine * x) - (sine * y);
            work[row, right] = (sine * x) + (cosine * y);
        }

        return true;
    }

    private static double Dot(double[,] work, int rows, int left, int right)
    {
        double sum = 0;
        for (int row = 0; row < rows; row++)
        {
            sum += work[row, left] * work[row, right];
        }

        return sum;
    }
}
