using Sepal.Kernels.Simd;

namespace Sepal.Kernels.MatrixProducts;

/// <summary>
/// How the columns of a matrix product are divided into panels of one tile's width. A packed matrix holds one panel
/// after the other, each with a row for every term of the inner dimension, padded with zeros to whole vectors.
/// </summary>
internal sealed class PanelLayout
{
    private readonly int[] _firstVectors;
    private readonly int[] _vectors;
    private readonly int _overlap;

    /// <param name="columns">Columns of the matrix.</param>
    /// <param name="overlapLast">
    /// Whether the last vector ends where the columns end, overlapping the one before it, rather than being filled up with zeros.
    /// Then every result is a whole vector, unless there are fewer columns than one has.
    /// </param>
    /// <param name="vectorWidth">Floats of one vector; the machine's widest where not given.</param>
    /// <param name="shares">
    /// Threads that the panels will be shared among: there are as many panels for each where that leaves them at least two vectors.
    /// </param>
    public PanelLayout(int columns, bool overlapLast = false, int? vectorWidth = null, int shares = 1)
    {
        Columns = columns;
        VectorWidth = vectorWidth ?? SimdLevel.Width;
        int widest = SimdLevel.HasThirtyTwoRegisters ? 4 : 2;
        int vectors = (columns + VectorWidth - 1) / VectorWidth;

        // Panels as equal as they come: five vectors make 2 + 3, since a panel of one is bound by its loads. The last is one of the
        // widest: then a last vector that overlaps another one does so within its panel, and panels can be computed at the same time.
        // Wide and narrow ones alternate, so that the first half of them is about half of the columns.
        int fewest = (vectors + widest - 1) / widest;
        int even = (fewest + shares - 1) / shares * shares;
        Count = vectors >= 2 * even ? even : fewest;
        _firstVectors = [.. Enumerable.Range(0, Count).Select(i => (int)((long)vectors * i / Count))];
        _vectors = [.. Enumerable.Range(0, Count).Select(i => (int)((long)vectors * (i + 1) / Count) - _firstVectors[i])];
        PaddedColumns = vectors * VectorWidth;
        _overlap = overlapLast && columns >= VectorWidth ? PaddedColumns - columns : 0;
    }

    public int Columns { get; }

    /// <summary>Floats of one vector.</summary>
    public int VectorWidth { get; }

    /// <summary>Panels.</summary>
    public int Count { get; }

    /// <summary>Columns rounded up to whole vectors.</summary>
    public int PaddedColumns { get; }

    /// <summary>Whether a plain matrix of these columns is its own packed form.</summary>
    public bool IsPlain => Count == 1 && PaddedColumns == Columns;

    public int FirstColumn(int panel) => _firstVectors[panel] * VectorWidth;

    public int Vectors(int panel) => _vectors[panel];

    /// <summary>Floats of one row of the widest panel: the last, which is one of the widest.</summary>
    public int WidestPanel => PanelWidth(Count - 1);

    /// <summary>Floats of one row of a panel.</summary>
    public int PanelWidth(int panel) => _vectors[panel] * VectorWidth;

    /// <summary>Columns of a panel that exist.</summary>
    public int PanelColumns(int panel) => Math.Min(PanelWidth(panel), Columns - FirstColumn(panel));

    /// <summary>Floats of a panel's last vector to write.</summary>
    public int LastCount(int panel) =>
        Overlap(panel) > 0 ? VectorWidth : PanelColumns(panel) - ((Vectors(panel) - 1) * VectorWidth);

    /// <summary>By how many columns a panel's last vector overlaps the vector before it.</summary>
    public int Overlap(int panel) => panel == Count - 1 ? _overlap : 0;

    /// <summary>Floats of a packed matrix with so many rows.</summary>
    public long PackedLength(int rows) => (long)rows * PaddedColumns;

    /// <summary>Where in a packed matrix with so many rows a panel starts.</summary>
    public long PanelStart(int panel, int rows) => (long)rows * FirstColumn(panel);
}
