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
internal sealed record EvaluateReport(
    string Model, string Data, int Images, double Accuracy, double Loss, double ImagesPerSecond, int BatchSize, int Threads)
{
    /// <summary>Smaller probabilities of the right class count as this one, so that one bad image does not make the loss infinite.</summary>
    public const double LeastProbability = 1e-7;

    /// <summary>Makes the report.</summary>
    /// <param name="result">What it is about.</param>
    /// <returns>A table and JSON.</returns>
    public static Report Of(EvaluateReport result)
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
        return Report.Of(result, CliJson.Default.EvaluateReport, [table], []);
    }
}
