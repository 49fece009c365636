using System.Collections.Immutable;
using System.Globalization;

namespace Sepal.Cli.Tables;

/// <summary>A column.</summary>
/// <param name="Title">Its heading where people read.</param>
/// <param name="Key">Its name where programs read: camelCase, as in the JSON.</param>
/// <param name="IsNumeric">Whether its cells stand at the right.</param>
internal sealed record Column(string Title, string Key, bool IsNumeric = false);

/// <summary>A cell: as people read it and as programs do.</summary>
/// <param name="Text">For people, for example <c>2,424,960</c> or <c>0.361</c>.</param>
/// <param name="Raw">For programs, for example <c>2424960</c> or <c>0.3611111111111111</c>.</param>
internal readonly record struct Cell(string Text, string Raw)
{
    /// <summary>A text, the same for both.</summary>
    /// <param name="text">The text.</param>
    public static implicit operator Cell(string text) => new(text, text);

    /// <summary>A count, with thousands separators for people.</summary>
    /// <param name="count">The count.</param>
    public static implicit operator Cell(long count) =>
        new(count.ToString("N0", CultureInfo.InvariantCulture), count.ToString(CultureInfo.InvariantCulture));

    /// <summary>A number, rounded for people and in full for programs.</summary>
    /// <param name="value">The number.</param>
    /// <param name="format">How it is rounded, for example <c>F3</c> or <c>P1</c>.</param>
    /// <returns>The cell.</returns>
    public static Cell Number(double value, string format) =>
        new(value.ToString(format, CultureInfo.InvariantCulture), value.ToString("R", CultureInfo.InvariantCulture));

    /// <summary>Extents joined by a multiplication sign: <c>3×3×4</c>, for programs <c>3x3x4</c>.</summary>
    /// <param name="extents">The extents, outermost first.</param>
    /// <returns>The cell.</returns>
    public static Cell Extents(IEnumerable<long> extents)
    {
        string raw = string.Join('x', extents.Select(extent => extent.ToString(CultureInfo.InvariantCulture)));
        return new(raw.Replace('x', '×'), raw);
    }
}

/// <summary>Columns and rows; every row has a cell a column.</summary>
internal sealed class Table
{
    private readonly List<ImmutableArray<Cell>> _rows = [];

    /// <summary>Makes a table without rows.</summary>
    /// <param name="columns">The columns, left to right.</param>
    public Table(params ImmutableArray<Column> columns)
    {
        Columns = columns;
    }

    /// <summary>The columns, left to right.</summary>
    public ImmutableArray<Column> Columns { get; }

    /// <summary>The rows, top to bottom.</summary>
    public IReadOnlyList<ImmutableArray<Cell>> Rows => _rows;

    /// <summary>What stands above the table where people read.</summary>
    public string? Title { get; init; }

    /// <summary>Adds a row.</summary>
    /// <param name="cells">A cell a column.</param>
    public void Add(params ImmutableArray<Cell> cells)
    {
        if (cells.Length != Columns.Length)
        {
            throw new ArgumentException($"The table has {Columns.Length} columns, but the row has {cells.Length} cells.", nameof(cells));
        }

        _rows.Add(cells);
    }
}
