using System.Globalization;
using System.Xml.Linq;
using Sepal.Cli.Classification;
using Sepal.Cli.Tables;
using static Sepal.Cli.Reports.Html;

namespace Sepal.Cli.Reports;

/// <summary>A confusion matrix as a table whose cells are coloured by their share of the row.</summary>
internal static class ConfusionHeat
{
    // A square of more classes does not fit a screen, and its numbers do not fit the cells.
    private const int MostClasses = 40;

    // Text has to stay readable on the deepest colour, in light and dark.
    private const double Deepest = 60;

    /// <summary>Renders the matrix, or where there are too many classes for one, the pairs that are confused most often.</summary>
    /// <param name="confusion">The counts.</param>
    /// <returns>A <c>table</c> element.</returns>
    public static XElement Render(ConfusionMatrix confusion)
    {
        if (confusion.ClassNames.Length > MostClasses)
        {
            return SortableTable.Render(ConfusionTables.Pairs(confusion));
        }

        return Element(
            "table",
            "confusion",
            Element("thead", null, Element("tr", null, Element("th", null, "shows ↓ taken for →"), confusion.ClassNames.Select(name => Element("th", null, name)))),
            Element("tbody", null, confusion.ClassNames.Select((name, label) => Element(
                "tr", null, Element("th", null, name), Row(confusion, label)))));
    }

    private static IEnumerable<XElement> Row(ConfusionMatrix confusion, int label)
    {
        double images = Math.Max(Enumerable.Range(0, confusion.ClassNames.Length).Sum(guess => confusion[label, guess]), 1);
        for (int guess = 0; guess < confusion.ClassNames.Length; guess++)
        {
            int count = confusion[label, guess];
            if (count == 0)
            {
                yield return Element("td", null);
                continue;
            }

            // Mistakes are few: their colour follows the root, so that one in a hundred is seen.
            double share = count / images;
            double depth = label == guess ? share * Deepest : Math.Sqrt(share) * Deepest;
            yield return Element(
                "td",
                null,
                Attribute("style", string.Create(CultureInfo.InvariantCulture, $"--depth:{depth:0.#}%;--color:var(--series-{(label == guess ? 0 : 1)})")),
                Attribute("title", string.Create(CultureInfo.InvariantCulture, $"{confusion.ClassNames[label]} taken for {confusion.ClassNames[guess]}: {count} of {images}, {share:P1}")),
                ((Cell)count).Text);
        }
    }
}
