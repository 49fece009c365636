using MathNet.Numerics.LinearAlgebra;
using MathNet.Numerics.LinearAlgebra.Factorization;

namespace Sepal.Shrinking;

/// <summary>
/// The singular value decomposition of one channel's matrix (channels of the other side × taps), by the eigenvectors of the smaller
/// of its two Gram matrices.
/// </summary>
internal sealed class SliceDecomposition
{
    private readonly double[] _matrix;
    private readonly int _rows;
    private readonly int _columns;

    // Columns, the largest singular value first.
    private readonly double[][] _vectors;

    private SliceDecomposition(double[] matrix, int rows, int columns, double[] squares, double[][] vectors)
    {
        _matrix = matrix;
        _rows = rows;
        _columns = columns;
        SquaredSingularValues = squares;
        _vectors = vectors;
        Energy = matrix.Sum(number => number * number);
    }

    /// <summary>The sum of the matrix's squares.</summary>
    public double Energy { get; }

    /// <summary>The most terms that there are.</summary>
    public int Rank => SquaredSingularValues.Length;

    /// <summary>The largest first.</summary>
    public double[] SquaredSingularValues { get; }

    /// <summary>Decomposes a matrix.</summary>
    /// <param name="matrix">Row after row.</param>
    /// <param name="rows">Channels of the other side.</param>
    /// <param name="columns">Taps.</param>
    public static SliceDecomposition Of(double[] matrix, int rows, int columns)
    {
        int size = Math.Min(rows, columns);
        Matrix<double> gram = Matrix<double>.Build.DenseOfColumnMajor(size, size, Gram(matrix, rows, columns));
        Evd<double> eigen = gram.Evd(Symmetricity.Symmetric);
        var squares = new double[size];
        var vectors = new double[size][];
        for (int term = 0; term < size; term++)
        {
            // Eigenvalues come in ascending order, and rounding may leave the last of them just below zero.
            squares[term] = Math.Max(0, eigen.EigenValues[size - 1 - term].Real);
            vectors[term] = eigen.EigenVectors.Column(size - 1 - term).ToArray();
        }

        return new SliceDecomposition(matrix, rows, columns, squares, vectors);
    }

    /// <summary>One term of the sum: √σ·u, a number a channel, and √σ·v, a number a tap.</summary>
    public (double[] Channels, double[] Taps) Term(int term)
    {
        double[] vector = _vectors[term];
        double[] image = vector.Length == _columns ? Times(vector) : TransposedTimes(vector);

        // The image is σ times the other side's vector, computed of the matrix itself and so as exact as that.
        double root = Math.Sqrt(Math.Sqrt(image.Sum(number => number * number)));
        double[] scaled = Array.ConvertAll(vector, number => number * root);
        double[] divided = root > 0 ? Array.ConvertAll(image, number => number / root) : image;
        return vector.Length == _columns ? (divided, scaled) : (scaled, divided);
    }

    private static double[] Gram(double[] matrix, int rows, int columns)
    {
        int size = Math.Min(rows, columns);
        var gram = new double[size * size];
        for (int left = 0; left < size; left++)
        {
            for (int right = 0; right <= left; right++)
            {
                double sum = 0;
                if (size == columns)
                {
                    for (int row = 0; row < rows; row++)
                    {
                        sum += matrix[(row * columns) + left] * matrix[(row * columns) + right];
                    }
                }
                else
                {
                    for (int column = 0; column < columns; column++)
                    {
                        sum += matrix[(left * columns) + column] * matrix[(right * columns) + column];
                    }
                }

                gram[(left * size) + right] = sum;
                gram[(right * size) + left] = sum;
            }
        }

        return gram;
    }

    private double[] Times(double[] vector)
    {
        var result = new double[_rows];
        for (int row = 0; row < _rows; row++)
        {
            for (int column = 0; column < _columns; column++)
            {
                result[row] += _matrix[(row * _columns) + column] * vector[column];
            }
        }

        return result;
    }

    private double[] TransposedTimes(double[] vector)
    {
        var result = new double[_columns];
        for (int row = 0; row < _rows; row++)
        {
            for (int column = 0; column < _columns; column++)
            {
                result[column] += _matrix[(row * _columns) + column] * vector[row];
            }
        }

        return result;
    }
}
