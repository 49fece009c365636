namespace Sepal.Shrinking;

/// <summary>A matrix by columns, each of which lies in one piece: the samples of one number.</summary>
/// <param name="rows">Samples.</param>
/// <param name="count">Numbers a sample.</param>
internal sealed class Columns(int rows, int count)
{
    /// <summary>Samples.</summary>
    public int Rows { get; } = rows;

    /// <summary>Numbers a sample.</summary>
    public int Count { get; } = count;

    /// <summary>All numbers, column after column.</summary>
    public double[] Numbers { get; } = new double[checked(rows * count)];

    /// <summary>The samples of one number.</summary>
    public Span<double> this[int column] => Numbers.AsSpan(column * Rows, Rows);
}
