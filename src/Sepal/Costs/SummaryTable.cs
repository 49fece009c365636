using System.Collections.Immutable;
using System.Text;

namespace Sepal.Costs;

/// <summary>A table drawn with box characters, as Keras draws its summaries: a heavy head, a rule between rows.</summary>
/// <param name="columns">Headings, and whether the column's cells stand at the right.</param>
internal sealed class SummaryTable(ImmutableArray<(string Heading, bool IsRight)> columns)
{
    private readonly List<ImmutableArray<string>[]> _rows = [];

    /// <summary>Adds a row; each cell is one or more lines. Cells beyond the columns are left out.</summary>
    /// <param name="cells">The cells, left to right.</param>
    public void Add(params ImmutableArray<string>[] cells) => _rows.Add(cells[..columns.Length]);

    /// <summary>Draws the table.</summary>
    /// <param name="text">Where.</param>
    public void AppendTo(StringBuilder text)
    {
        int[] widths = [.. columns.Select((column, index) =>
            _rows.SelectMany(row => row[index]).Append(column.Heading).Max(line => line.Length))];
        AppendRule(text, widths, "┏━┳┓");
        AppendLine(text, widths, '┃', [.. columns.Select(column => column.Heading)]);
        AppendRule(text, widths, "┡━╇┩");
        for (int row = 0; row < _rows.Count; row++)
        {
            if (row > 0)
            {
                AppendRule(text, widths, "├─┼┤");
            }

            for (int line = 0; line < _rows[row].Max(cell => cell.Length); line++)
            {
                AppendLine(text, widths, '│', [.. _rows[row].Select(cell => line < cell.Length ? cell[line] : string.Empty)]);
            }
        }

        AppendRule(text, widths, "└─┴┘");
    }

    /// <param name="text">Where.</param>
    /// <param name="widths">The columns' widths.</param>
    /// <param name="parts">The left corner, the line, the crossing and the right corner.</param>
    private static void AppendRule(StringBuilder text, int[] widths, string parts) =>
        text.Append(parts[0])
            .AppendJoin(parts[2], widths.Select(width => new string(parts[1], width + 2)))
            .Append(parts[3])
            .Append('\n');

    private void AppendLine(StringBuilder text, int[] widths, char border, string[] cells)
    {
        for (int index = 0; index < cells.Length; index++)
        {
            string cell = columns[index].IsRight ? cells[index].PadLeft(widths[index]) : cells[index].PadRight(widths[index]);
            text.Append(border).Append(' ').Append(cell).Append(' ');
        }

        text.Append(border).Append('\n');
    }
}
