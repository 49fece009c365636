using Sepal.Cli.Tables;
using Xunit;

namespace Sepal.Tests.Cli;

public class ReportWriterTests
{
    [Fact]
    public void Csv_quotes_what_it_must_and_ends_lines_as_rfc_4180_says()
    {
        var table = new Table(new Column("Name", "name"), new Column("Share", "share", IsNumeric: true));
        table.Add("plain", Cell.Number(1.0 / 3, "P1"));
        table.Add("a, \"b\"\nc", 1_234_567);

        Assert.Equal("name,share\r\nplain,0.3333333333333333\r\n\"a, \"\"b\"\"\nc\",1234567\r\n", Write(table, ReportFormat.Csv));
    }

    [Fact]
    public void Markdown_escapes_what_would_end_a_cell()
    {
        var table = new Table(new Column("A|B", "ab"), new Column("N", "n", IsNumeric: true)) { Title = "Both" };
        table.Add("x|y\nz", 1_234);

        Assert.Equal(
            """
            **Both**

            | A\|B   |     N |
            | ------ | ----: |
            | x\|y z | 1,234 |

            """.ReplaceLineEndings("\n"),
            Write(table, ReportFormat.Markdown));
    }

    [Fact]
    public void A_piped_table_is_never_cut_or_styled()
    {
        string longText = new('x', 500);
        var table = new Table(new Column("Text", "text")) { Title = "[bold]Long[/]" };
        table.Add($"[red]{longText}[/]");

        string text = Write(table, ReportFormat.Table);

        Assert.Contains(longText, text, StringComparison.Ordinal);
        Assert.Contains("[bold]Long[/]", text, StringComparison.Ordinal);
        Assert.Contains("[red]", text, StringComparison.Ordinal);
        Assert.DoesNotContain('\u001b', text);
    }

    [Fact]
    public void A_terminals_table_keeps_to_its_width()
    {
        var table = new Table(new Column("Text", "text"));
        table.Add(string.Join(' ', Enumerable.Repeat("word", 100)));

        Assert.All(Write(table, ReportFormat.Table, width: 40).Split('\n'), line => Assert.InRange(line.Length, 0, 40));
    }

    [Fact]
    public void A_row_has_a_cell_a_column()
    {
        var table = new Table(new Column("Text", "text"));

        Assert.Throws<ArgumentException>(() => table.Add("one", "two"));
    }

    private static string Write(Table table, ReportFormat format, int? width = null)
    {
        var output = new StringWriter { NewLine = "\n" };
        ReportWriter.Write(new Report([table], [], () => "{}"), format, output, width);
        return output.ToString();
    }
}
