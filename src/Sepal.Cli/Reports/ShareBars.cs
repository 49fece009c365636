using System.Globalization;
using System.Xml.Linq;
using Sepal.Cli.Costs;
using Sepal.Costs;
using static Sepal.Cli.Reports.Html;

namespace Sepal.Cli.Reports;

/// <summary>Bars that show to which kinds of work a model's MACs, parameters, bytes and time go.</summary>
internal static class ShareBars
{
    // A narrower part has no room for its number; the legend and the tip tell what it is.
    private const double LeastLabelled = 0.08;

    /// <summary>Draws the bars.</summary>
    /// <param name="cost">What the model costs.</param>
    /// <returns>A list of bars.</returns>
    public static XElement Render(ModelCost cost) => Element(
        "div",
        "card shares",
        Bar("MACs", Quantities.Short(cost.MultiplyAccumulates), cost, category => category.MultiplyAccumulates),
        Bar("Parameters", Quantities.Short(cost.TotalParameters), cost, category => category.TotalParameters),
        Bar("Bytes moved", Quantities.ShortBytes(cost.Bytes), cost, category => category.Bytes),
        cost.RooflineSeconds is { } seconds
            ? Bar("Roofline time", string.Create(CultureInfo.InvariantCulture, $"{1000 * seconds:0.##} ms"), cost, category => category.RooflineSeconds ?? 0)
            : null);

    private static XElement Bar(string label, string total, ModelCost cost, Func<CategoryCost, double> figure)
    {
        double sum = cost.Categories.Sum(figure);
        return Element(
            "div",
            "share",
            Element("div", "share-label", Element("strong", null, label), Element("span", null, total)),
            Element("div", "share-bar", cost.Categories.Where(category => sum > 0 && figure(category) > 0).Select(category =>
            {
                double share = figure(category) / sum;
                string text = share.ToString("P1", CultureInfo.InvariantCulture);
                return Element(
                    "span",
                    null,
                    Attribute("style", string.Create(CultureInfo.InvariantCulture, $"width:{100 * share:0.###}%;--color:{CategoryColors.Of(category.Category)}")),
                    Attribute("title", $"{CategoryColors.NameOf(category.Category)}: {text}"),
                    share >= LeastLabelled ? text : string.Empty);
            })));
    }
}
