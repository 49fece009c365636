using Spectre.Console;

namespace Sepal.Cli.Tables;

/// <summary>Writes reports.</summary>
internal static class ReportWriter
{
    // For output that is no terminal: no line of a report is longer, so that nothing is ever wrapped or cut.
    private const int Unlimited = 100_000;

    /// <summary>Writes a report.</summary>
    /// <param name="report">The report.</param>
    /// <param name="format">How.</param>
    /// <param name="output">Where.</param>
    /// <param name="width">The terminal's columns; null where the output is none, and nothing is wrapped or styled.</param>
    public static void Write(Report report, ReportFormat format, TextWriter output, int? width)
    {
        switch (format)
        {
            case ReportFormat.Json:
                output.WriteLine(report.Json());
                break;
            case ReportFormat.Csv:
                Csv.Write(report.Tables[0], output);
                break;
            case ReportFormat.Markdown:
                WriteParts(report, output, Markdown.Write);
                break;
            default:
                WriteParts(report, output, (table, writer) => WriteTable(table, writer, width));
                break;
        }
    }

    private static void WriteParts(Report report, TextWriter output, Action<Table, TextWriter> writeTable)
    {
        string separator = string.Empty;
        foreach (Table table in report.Tables)
        {
            output.Write(separator);
            writeTable(table, output);
            separator = Environment.NewLine;
        }

        foreach (string note in report.Notes)
        {
            output.Write(separator);
            output.WriteLine(note);
            separator = Environment.NewLine;
        }
    }

    private static void WriteTable(Table table, TextWriter output, int? width)
    {
        if (table.Title is { } title)
        {
            output.WriteLine(title);
        }

        bool isTerminal = width is not null;
        var text = new StringWriter();
        IAnsiConsole console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Ansi = isTerminal ? AnsiSupport.Detect : AnsiSupport.No,
            ColorSystem = isTerminal ? ColorSystemSupport.Detect : ColorSystemSupport.NoColors,
            Interactive = InteractionSupport.No,
            Out = new AnsiConsoleOutput(text),
        });
        console.Profile.Width = width ?? Unlimited;
        console.Profile.Capabilities.Unicode = true;
        var grid = new Spectre.Console.Table { Border = isTerminal ? TableBorder.Rounded : TableBorder.Simple };
        foreach (Column column in table.Columns)
        {
            grid.AddColumn(new TableColumn(new Text(column.Title))
            {
                Alignment = column.IsNumeric ? Justify.Right : Justify.Left,
            });
        }

        foreach (var row in table.Rows)
        {
            grid.AddRow(row.Select(cell => new Text(cell.Text)));
        }

        console.Write(grid);
        foreach (string line in text.ToString().Split('\n').Select(line => line.TrimEnd()).SkipWhile(line => line.Length == 0))
        {
            if (line.Length > 0)
            {
                output.WriteLine(line);
            }
        }
    }
}
