using System.Globalization;
using System.Xml.Linq;
using Sepal.Costs;

namespace Sepal.Cli.Reports;

/// <summary>The colours of the five kinds of work, the same everywhere on a page.</summary>
internal static class CategoryColors
{
    /// <summary>What a kind is called.</summary>
    /// <param name="category">The kind.</param>
    /// <returns>A word in lower case.</returns>
    public static string NameOf(NodeCategory category) => category.ToString().ToLowerInvariant();

    /// <summary>The variable of the style sheet that holds a kind's colour.</summary>
    /// <param name="category">The kind.</param>
    /// <returns>The colour, for a style.</returns>
    public static string Of(NodeCategory category) => string.Create(CultureInfo.InvariantCulture, $"var(--series-{(int)category})");

    /// <summary>The style that gives an element a kind's colour.</summary>
    /// <param name="category">The kind.</param>
    /// <returns>A <c>style</c> attribute.</returns>
    public static XAttribute Style(NodeCategory category) => Html.Attribute("style", $"--color:{Of(category)}");

    /// <summary>A key to the colours.</summary>
    /// <returns>A list.</returns>
    public static XElement Legend() => Html.Element("ul", "legend", Enum.GetValues<NodeCategory>().Select(category =>
        Html.Element("li", null, Html.Element("span", "dot", Style(category)), NameOf(category))));
}
