using System.Xml.Linq;
using Sepal.Cli.Tables;
using static Sepal.Cli.Reports.Html;

namespace Sepal.Cli.Reports;

/// <summary>A table whose headings sort it, without anything from the network.</summary>
internal static class SortableTable
{
    private static readonly Lazy<string> Source = new(() =>
    {
        using Stream stream = typeof(SortableTable).Assembly.GetManifestResourceStream("sort.js")!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    });

    /// <summary>Renders a table.</summary>
    /// <param name="table">The table.</param>
    /// <returns>A <c>table</c> element.</returns>
    public static XElement Render(Table table) => Element(
        "table",
        "sortable",
        Element("thead", null, Element("tr", null, table.Columns.Select(column => Element(
            "th",
            column.IsNumeric ? "number" : "text",
            Element("button", null, Attribute("type", "button"), column.Title))))),
        Element("tbody", null, table.Rows.Select(row => Element("tr", null, row.Select((cell, index) => Element(
            index == 0 ? "th" : "td",
            table.Columns[index].IsNumeric ? "number" : "text",
            Attribute("data-value", cell.Raw),
            Breakable(cell.Text)))))));

    /// <summary>A path that is broken after its slashes, where it has to be.</summary>
    private static IEnumerable<object> Breakable(string text) =>
        text.Split('/').SelectMany((part, index) => index == 0 ? (object[])[part] : ["/", Element("wbr", null), part]);

    /// <summary>The script that sorts, once a page.</summary>
    /// <returns>A <c>script</c> element.</returns>
    public static XElement Script() => Element("script", null, Source.Value);
}
