namespace Sepal.Cli.Tables;

/// <summary>Comma-separated values as RFC 4180 has them: CRLF after every line, quotes only where needed.</summary>
internal static class Csv
{
    /// <summary>Writes a table: a line of keys, then a line a row.</summary>
    /// <param name="table">The table.</param>
    /// <param name="output">Where.</param>
    public static void Write(Table table, TextWriter output)
    {
        WriteLine(table.Columns.Select(column => column.Key), output);
        foreach (var row in table.Rows)
        {
            WriteLine(row.Select(cell => cell.Raw), output);
        }
    }

    private static void WriteLine(IEnumerable<string> fields, TextWriter output)
    {
        output.Write(string.Join(',', fields.Select(Quote)));
        output.Write("\r\n");
    }

    private static string Quote(string field) =>
        field.AsSpan().ContainsAny(",\"\r\n") ? $"\"{field.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : field;
}
