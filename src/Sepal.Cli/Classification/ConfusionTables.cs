using System.Collections.Immutable;
using Sepal.Cli.Tables;

namespace Sepal.Cli.Classification;

/// <summary>What was taken for what, as tables.</summary>
internal static class ConfusionTables
{
    // A wider matrix is not readable on a terminal, and says less than the pairs that are confused most.
    private const int MostColumns = 20;
    private const int MostPairs = 20;

    /// <summary>Precision and recall of each class that has images, or that images were taken for.</summary>
    /// <param name="confusion">The counts.</param>
    /// <returns>A row a class.</returns>
    public static Table Classes(ConfusionMatrix confusion)
    {
        var table = new Table(
            new Column("Class", "class"),
            new Column("Images", "images", IsNumeric: true),
            new Column("Precision", "precision", IsNumeric: true),
            new Column("Recall", "recall", IsNumeric: true),
            new Column("F1", "f1", IsNumeric: true))
        {
            Title = "Classes",
        };
        foreach (ClassFigures figures in confusion.Classes().Where(figures => figures.F1 is not null))
        {
            table.Add(figures.Class, figures.Images, Share(figures.Precision), Share(figures.Recall), Share(figures.F1));
        }

        return table;
    }

    /// <summary>The matrix, or where there are too many classes for one, the pairs that are confused most often.</summary>
    /// <param name="confusion">The counts.</param>
    /// <returns>The table.</returns>
    public static Table Confusions(ConfusionMatrix confusion) =>
        confusion.ClassNames.Length <= MostColumns ? Matrix(confusion) : Pairs(confusion);

    /// <summary>The pairs that are confused most often.</summary>
    /// <param name="confusion">The counts.</param>
    /// <returns>A row a pair.</returns>
    public static Table Pairs(ConfusionMatrix confusion)
    {
        int classes = confusion.ClassNames.Length;
        var table = new Table(new Column("Shows", "class"), new Column("Taken for", "guess"), new Column("Images", "images", IsNumeric: true))
        {
            Title = "Confused most often",
        };
        ImmutableArray<(int Label, int Guess, int Count)> pairs =
        [
            .. (from label in Enumerable.Range(0, classes)
                from guess in Enumerable.Range(0, classes)
                where label != guess && confusion[label, guess] > 0
                orderby confusion[label, guess] descending, label, guess
                select (label, guess, confusion[label, guess])).Take(MostPairs),
        ];
        foreach ((int label, int guess, int count) in pairs)
        {
            table.Add(confusion.ClassNames[label], confusion.ClassNames[guess], count);
        }

        return table;
    }

    private static Table Matrix(ConfusionMatrix confusion)
    {
        int classes = confusion.ClassNames.Length;
        var table = new Table(
            [new Column("Shows \\ taken for", "class"), .. confusion.ClassNames.Select(name => new Column(name, name, IsNumeric: true))])
        {
            Title = "Confusion matrix",
        };
        for (int label = 0; label < classes; label++)
        {
            int row = label;
            table.Add([confusion.ClassNames[label], .. Enumerable.Range(0, classes).Select(guess => (Cell)confusion[row, guess])]);
        }

        return table;
    }

    private static Cell Share(double? value) =>
        value is { } share ? Cell.Number(share, "P2") : new Cell("–", string.Empty);
}
