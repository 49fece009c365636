using System.Xml.Linq;

namespace Sepal.Cli.Reports;

/// <summary>
/// Pages as trees of elements: whatever text is put into them is escaped, and every page is well-formed XML too.
/// </summary>
internal static class Html
{
    /// <summary>Makes an element.</summary>
    /// <param name="name">Its tag.</param>
    /// <param name="cssClass">Its class, or null.</param>
    /// <param name="content">Text, attributes and elements; nulls are left out.</param>
    /// <returns>The element, never self-closing where HTML does not allow it.</returns>
    public static XElement Element(string name, string? cssClass, params object?[] content)
    {
        // An empty text keeps <span></span> from being written as <span/>, which HTML takes for an opening tag.
        var element = new XElement(name, name is "img" or "meta" or "wbr" ? null : string.Empty);
        if (cssClass is not null)
        {
            element.SetAttributeValue("class", cssClass);
        }

        element.Add(content);
        return element;
    }

    /// <summary>Makes an attribute.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="value">Its value.</param>
    /// <returns>The attribute.</returns>
    public static XAttribute Attribute(string name, string value) => new(name, value);

    /// <summary>Makes a whole page of elements; it loads nothing.</summary>
    /// <param name="title">What the browser's tab says.</param>
    /// <param name="body">The page's content.</param>
    /// <returns>The file's text.</returns>
    public static string Page(string title, params object?[] body)
    {
        XElement page = Element(
            "html",
            null,
            Attribute("lang", "en"),
            Element(
                "head",
                null,
                Element("meta", null, Attribute("charset", "utf-8")),
                Element("meta", null, Attribute("name", "viewport"), Attribute("content", "width=device-width, initial-scale=1")),
                Element("meta", null, Attribute("name", "color-scheme"), Attribute("content", "light dark")),
                Element("title", null, title),
                Element("style", null, StyleSheet())),
            Element("body", null, Element("main", null, body)));
        return $"<!DOCTYPE html>\n{page.ToString(SaveOptions.DisableFormatting)}\n";
    }

    private static string StyleSheet()
    {
        using Stream stream = typeof(Html).Assembly.GetManifestResourceStream("report.css")!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
