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

    public PanelLayout(int columns)
    {
        Columns = columns;
        VectorWidth = SimdLevel.Width;
        int widest = SimdLevel.HasThirtyTwoRegisters ? 4 : 2;
        int vectors = (columns + VectorWidth - 1) / VectorWidth;

        // Panels as equal as they come: five vectors make 3 + 2, since a panel of one is bound by its loads.
        Count = (vectors + widest - 1) / widest;
        _vectors = [.. Enumerable.Range(0, Count).Select(i => (vectors + Count - 1 - i) / Count)];
        _firstVectors = [.. Enumerable.Range(0, Count).Select(i => _vectors.Take(i).Sum())];
        PaddedColumns = vectors * VectorWidth;
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

    /// <summary>Floats of one row of a panel.</summary>
    public int PanelWidth(int panel) => _vectors[panel] * VectorWidth;

    /// <summary>Columns of a panel that exist.</summary>
    public int PanelColumns(int panel) => Math.Min(PanelWidth(panel), Columns - FirstColumn(panel));

    /// <summary>Floats of a panel's last vector that exist.</summary>
    public int LastCount(int panel) => PanelColumns(panel) - ((Vectors(panel) - 1) * VectorWidth);

    /// <summary>Floats of a packed matrix with so many rows.</summary>
    public long PackedLength(int rows) => (long)rows * PaddedColumns;

    /// <summary>Where in a packed matrix with so many rows a panel starts.</summary>
    public long PanelStart(int panel, int rows) => (long)rows * FirstColumn(panel);
}
