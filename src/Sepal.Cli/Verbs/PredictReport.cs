using System.Collections.Immutable;
using Sepal.Cli.Tables;

namespace Sepal.Cli.Verbs;

/// <summary>What <c>sepal predict</c> says, as its JSON holds it.</summary>
/// <param name="Model">The file.</param>
/// <param name="Images">One for each image, in the order given.</param>
internal sealed record PredictReport(string Model, ImmutableArray<ImagePrediction> Images)
{
    /// <summary>Makes the report.</summary>
    /// <param name="result">What it is about.</param>
    /// <returns>A table and JSON.</returns>
    public static Report Of(PredictReport result)
    {
        var table = new Table(
            new Column("Image", "image"),
            new Column("Rank", "rank", IsNumeric: true),
            new Column("Class", "class"),
            new Column("Index", "index", IsNumeric: true),
            new Column("Probability", "probability", IsNumeric: true));
        foreach (ImagePrediction image in result.Images)
        {
            for (int rank = 0; rank < image.Predictions.Length; rank++)
            {
                ClassProbability guess = image.Predictions[rank];
                table.Add(image.Image, rank + 1L, guess.Class, guess.Index, Cell.Number(guess.Probability, "P2"));
            }
        }

        return Report.Of(result, CliJson.Default.PredictReport, [table], []);
    }
}

/// <summary>What a model takes an image for.</summary>
/// <param name="Image">The file.</param>
/// <param name="Predictions">The likeliest classes, the likeliest first.</param>
internal sealed record ImagePrediction(string Image, ImmutableArray<ClassProbability> Predictions);

/// <summary>A class and how likely it is.</summary>
/// <param name="Class">Its name, or its number where it has none.</param>
/// <param name="Index">Its number, from 0.</param>
/// <param name="Probability">From 0 to 1.</param>
internal sealed record ClassProbability(string Class, long Index, double Probability);
