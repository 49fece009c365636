using System.Collections.Immutable;
using Sepal.Cli.Classification;
using Sepal.Data;

namespace Sepal.Cli.Training;

/// <summary>A picture that the model is most wrong about.</summary>
/// <param name="Name">Its path, or its number.</param>
/// <param name="Label">What it shows.</param>
/// <param name="Guess">What it was taken for.</param>
/// <param name="Probability">How likely that was thought, from 0 to 1.</param>
/// <param name="Source">The picture, for an <c>img</c> element.</param>
internal sealed record MistakePicture(string Name, string Label, string Guess, double Probability, string Source)
{
    private const int Shown = 24;
    private const int Side = 128;

    /// <summary>Takes the worst mistakes of an evaluation.</summary>
    /// <param name="evaluation">The evaluation.</param>
    /// <param name="pictures">What was evaluated.</param>
    /// <returns>The worst first.</returns>
    public static ImmutableArray<MistakePicture> Worst(ClassifierEvaluation evaluation, LabelledPictures pictures) =>
        [.. evaluation.Mistakes.Take(Shown).Select(mistake => Of(mistake, evaluation.Confusion.ClassNames, pictures))];

    private static MistakePicture Of(Mistake mistake, ImmutableArray<string> classNames, LabelledPictures pictures)
    {
        PixelImage image = pictures.Load(mistake.Index).FitWithin(Side);
        return new MistakePicture(
            pictures.Name(mistake.Index),
            classNames[mistake.Label],
            classNames[mistake.Guess],
            mistake.GuessProbability,
            PngImage.DataUri(image.Pixels.Span, image.Width, image.Height));
    }
}
