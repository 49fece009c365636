using System.Collections.Immutable;
using Sepal.Cli.Classification;
using Sepal.Cli.Tables;

namespace Sepal.Cli.Verbs;

/// <summary>What <c>sepal evaluate</c> says, as its JSON holds it.</summary>
/// <param name="Model">The file.</param>
/// <param name="Data">The directory.</param>
/// <param name="Images">How many images were classified.</param>
/// <param name="Accuracy">The share that was classified rightly, from 0 to 1.</param>
/// <param name="Loss">The mean of −log of the probability given to the right class.</param>
/// <param name="ImagesPerSecond">Preparing and classifying.</param>
/// <param name="BatchSize">Images a run.</param>
/// <param name="Threads">Threads that computed.</param>
/// <param name="Skipped">Pictures that could not be decoded and were left out.</param>
/// <param name="Classes">Precision and recall of each class.</param>
/// <param name="Confusion">A row for each class that images show, a column for each that they were taken for.</param>
internal sealed record EvaluateReport(
    string Model,
    string Data,
    int Images,
    double Accuracy,
    double Loss,
    double ImagesPerSecond,
    int BatchSize,
    int Threads,
    int Skipped,
    ImmutableArray<ClassFigures> Classes,
    ImmutableArray<ImmutableArray<int>> Confusion)
{
    /// <summary>Makes the report.</summary>
    /// <param name="result">What it is about.</param>
    /// <param name="confusion">What was taken for what.</param>
    /// <returns>Tables and JSON.</returns>
    public static Report Of(EvaluateReport result, ConfusionMatrix confusion)
    {
        var table = new Table(
            new Column("Model", "model"),
            new Column("Images", "images", IsNumeric: true),
            new Column("Accuracy", "accuracy", IsNumeric: true),
            new Column("Loss", "loss", IsNumeric: true),
            new Column("Images/s", "imagesPerSecond", IsNumeric: true));
        table.Add(
            result.Model,
            result.Images,
            Cell.Number(result.Accuracy, "P2"),
            Cell.Number(result.Loss, "F4"),
            Cell.Number(result.ImagesPerSecond, "N0"));
        return Report.Of(
            result,
            CliJson.Default.EvaluateReport,
            [table, ConfusionTables.Classes(confusion), ConfusionTables.Confusions(confusion)],
            result.Skipped == 0 ? [] : [$"{result.Skipped} {(result.Skipped == 1 ? "picture was" : "pictures were")} skipped."]);
    }
}
