using System.Numerics;
using System.Numerics.Tensors;

namespace Sepal.Shrinking;

/// <summary>
/// Products of columns over their first rows, in double precision. Every element is computed by one thread in an order that the
/// shapes alone decide.
/// </summary>
internal static class ColumnProducts
{
    private const int Tile = 4;

    // 4 columns of 512 rows, twice, stay in the first-level cache.
    private const int RowBlock = 512;

    /// <summary>All products of two columns of a matrix: symmetric, <c>[count, count]</c>.</summary>
    public static double[] Gram(Columns columns, int rows)
    {
        int count = columns.Count;
        double[] gram = Compute(columns, columns, rows, isSymmetric: true);
        for (int row = 0; row < count; row++)
        {
            for (int column = row + 1; column < count; column++)
            {
                gram[(row * count) + column] = gram[(column * count) + row];
            }
        }

        return gram;
    }

    /// <summary>All products of a column of one matrix with one of another: <c>[left, right]</c>.</summary>
    public static double[] Cross(Columns left, Columns right, int rows) => Compute(left, right, rows, isSymmetric: false);

    private static double[] Compute(Columns left, Columns right, int rows, bool isSymmetric)
    {
        var result = new double[checked(left.Count * right.Count)];
        Parallel.For(0, (left.Count + Tile - 1) / Tile, index =>
        {
            int row = index * Tile;
            int end = isSymmetric ? Math.Min(right.Count, row + Tile) : right.Count;
            for (int from = 0; from < rows; from += RowBlock)
            {
                int length = Math.Min(RowBlock, rows - from);
                for (int column = 0; column < end; column += Tile)
                {
                    Add(left, right, (row, column), (from, length), result);
                }
            }
        });
        return result;
    }

    private static void Add(Columns left, Columns right, (int Row, int Column) at, (int From, int Length) rows, double[] result)
    {
        int height = Math.Min(Tile, left.Count - at.Row);
        int width = Math.Min(Tile, right.Count - at.Column);
        for (int row = 0; row < height; row++)
        {
            ReadOnlySpan<double> a = left[at.Row + row].Slice(rows.From, rows.Length);
            int place = ((at.Row + row) * right.Count) + at.Column;
            if (width == Tile)
            {
                AddFour(a, right, at.Column, rows.From, result.AsSpan(place, Tile));
                continue;
            }

            for (int column = 0; column < width; column++)
            {
                result[place + column] += TensorPrimitives.Dot(a, right[at.Column + column].Slice(rows.From, rows.Length));
            }
        }
    }

    /// <summary>Four dot products that share one factor, so that it is loaded once.</summary>
    private static void AddFour(ReadOnlySpan<double> a, Columns right, int column, int from, Span<double> sums)
    {
        ReadOnlySpan<double> b0 = right[column].Slice(from, a.Length);
        ReadOnlySpan<double> b1 = right[column + 1].Slice(from, a.Length);
        ReadOnlySpan<double> b2 = right[column + 2].Slice(from, a.Length);
        ReadOnlySpan<double> b3 = right[column + 3].Slice(from, a.Length);
        Vector<double> s0 = default, s1 = default, s2 = default, s3 = default;
        int index = 0;
        for (; index <= a.Length - Vector<double>.Count; index += Vector<double>.Count)
        {
            var factor = new Vector<double>(a[index..]);
            s0 = Vector.MultiplyAddEstimate(factor, new Vector<double>(b0[index..]), s0);
            s1 = Vector.MultiplyAddEstimate(factor, new Vector<double>(b1[index..]), s1);
            s2 = Vector.MultiplyAddEstimate(factor, new Vector<double>(b2[index..]), s2);
            s3 = Vector.MultiplyAddEstimate(factor, new Vector<double>(b3[index..]), s3);
        }

        sums[0] += Vector.Sum(s0);
        sums[1] += Vector.Sum(s1);
        sums[2] += Vector.Sum(s2);
        sums[3] += Vector.Sum(s3);
        for (; index < a.Length; index++)
        {
            sums[0] += a[index] * b0[index];
            sums[1] += a[index] * b1[index];
            sums[2] += a[index] * b2[index];
            sums[3] += a[index] * b3[index];
        }
    }
}
