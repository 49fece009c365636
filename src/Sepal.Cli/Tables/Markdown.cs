namespace Sepal.Cli.Tables;

/// <summary>Tables as GitHub's Markdown has them, with the columns aligned in the source too.</summary>
internal static class Markdown
{
    /// <summary>Writes a table, its title in bold above it.</summary>
    /// <param name="table">The table.</param>
    /// <param name="output">Where.</param>
    public static void Write(Table table, TextWriter output)
    {
        if (table.Title is { } title)
        {
            output.WriteLine($"**{Escape(title)}**");
            output.WriteLine();
        }

        string[] titles = [.. table.Columns.Select(column => Escape(column.Title))];
        string[][] rows = [.. table.Rows.Select(row => row.Select(cell => Escape(cell.Text)).ToArray())];
        int[] widths = [.. titles.Select((heading, index) => rows.Select(row => row[index].Length).Append(heading.Length).Append(3).Max())];
        WriteLine(titles.Select((heading, index) => Pad(heading, index)), output);
        WriteLine(table.Columns.Select((column, index) => Rule(widths[index], column.IsNumeric)), output);
        foreach (string[] row in rows)
        {
            WriteLine(row.Select(Pad), output);
        }

        string Pad(string text, int index) =>
            table.Columns[index].IsNumeric ? text.PadLeft(widths[index]) : text.PadRight(widths[index]);
    }

    private static string Rule(int width, bool isNumeric) => isNumeric ? new string('-', width - 1) + ":" : new string('-', width);

    private static void WriteLine(IEnumerable<string> cells, TextWriter output) => output.WriteLine($"| {string.Join(" | ", cells)} |");

    private static string Escape(string text) =>
        text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("|", "\\|", StringComparison.Ordinal).ReplaceLineEndings(" ");
}
