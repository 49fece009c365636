using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Globalization;
using Sepal.Cli.Framework;
using Sepal.Data;

namespace Sepal.Cli.Classification;

/// <summary>What a classifier made of labelled pictures.</summary>
/// <param name="Confusion">What was taken for what.</param>
/// <param name="Loss">The mean of −log of the probability given to the right class.</param>
/// <param name="Mistakes">What was taken for something else, the surest mistakes first.</param>
/// <param name="Skipped">Pictures that could not be decoded.</param>
internal sealed record ClassifierEvaluation(
    ConfusionMatrix Confusion, double Loss, ImmutableArray<Mistake> Mistakes, ImmutableArray<SkippedImage> Skipped)
{
    /// <summary>Smaller probabilities of the right class count as this one, so that one bad image does not make the loss infinite.</summary>
    private const double LeastProbability = 1e-7;

    /// <summary>Runs a classifier on pictures.</summary>
    /// <param name="classifier">The classifier.</param>
    /// <param name="pictures">The pictures; their labels are the classifier's.</param>
    /// <param name="threads">How many threads decode.</param>
    /// <param name="terminal">Where progress goes.</param>
    /// <param name="cancellation">Interrupts.</param>
    /// <returns>What it made of them.</returns>
    /// <exception cref="SepalException">No picture can be decoded.</exception>
    public static ClassifierEvaluation Run(
        ImageClassifier classifier, LabelledPictures pictures, int threads, Terminal terminal, CancellationToken cancellation)
    {
        using ProgressLine progress = terminal.Progress();
        ImmutableArray<string> names = classifier.ClassNames.IsEmpty && pictures.ClassNames.Length == classifier.ClassCount
            ? pictures.ClassNames
            : [.. Enumerable.Range(0, classifier.ClassCount).Select(classifier.ClassName)];
        var confusion = new ConfusionMatrix(names);
        var mistakes = ImmutableArray.CreateBuilder<Mistake>();
        var bad = new ConcurrentDictionary<int, SkippedImage>();
        var options = new ParallelOptions { MaxDegreeOfParallelism = threads, CancellationToken = cancellation };
        double loss = 0;
        for (int start = 0; start < pictures.Count; start += classifier.BatchSize)
        {
            cancellation.ThrowIfCancellationRequested();
            progress.Show(string.Create(CultureInfo.InvariantCulture, $"{start:N0} of {pictures.Count:N0} images"));

            // The last batch is not full; what is left in it from the one before is run again and not looked at.
            int count = Math.Min(classifier.BatchSize, pictures.Count - start);
            int first = start;
            Parallel.For(0, count, options, position => Place(first + position, position));
            classifier.Run(cancellation);
            for (int position = 0; position < count; position++)
            {
                if (bad.ContainsKey(start + position))
                {
                    continue;
                }

                double[] probabilities = Scores.Probabilities(classifier.Scores(position));
                int label = pictures.Label(start + position);
                int guess = Array.IndexOf(probabilities, probabilities.Max());
                confusion.Add(label, guess);
                loss -= Math.Log(Math.Max(probabilities[label], LeastProbability));
                if (guess != label)
                {
                    mistakes.Add(new Mistake(start + position, label, guess, probabilities[guess], probabilities[label]));
                }
            }
        }

        if (confusion.Total == 0)
        {
            throw new SepalException($"None of the {pictures.Count} pictures can be decoded; the first: {bad[0].Path}: {bad[0].Reason}");
        }

        return new ClassifierEvaluation(
            confusion,
            loss / confusion.Total,
            [.. mistakes.OrderBy(mistake => mistake.LabelProbability).ThenBy(mistake => mistake.Index)],
            [.. bad.OrderBy(pair => pair.Key).Select(pair => pair.Value)]);

        void Place(int index, int position)
        {
            try
            {
                classifier.Place(pictures.Load(index), position);
            }
            catch (DataException error)
            {
                bad[index] = SkippedImage.Of(pictures.Name(index), error);
            }
        }
    }
}

/// <summary>A picture that was taken for something else.</summary>
/// <param name="Index">The picture.</param>
/// <param name="Label">What it shows.</param>
/// <param name="Guess">What it was taken for.</param>
/// <param name="GuessProbability">How likely that was thought, from 0 to 1.</param>
/// <param name="LabelProbability">How likely what it shows was thought.</param>
internal sealed record Mistake(int Index, int Label, int Guess, double GuessProbability, double LabelProbability);
