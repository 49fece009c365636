using System.Collections.Immutable;

namespace Sepal.Cli.Classification;

/// <summary>How often images of each class were taken for each class.</summary>
/// <param name="classNames">The classes, in order.</param>
internal sealed class ConfusionMatrix(ImmutableArray<string> classNames)
{
    private readonly int[,] _counts = new int[classNames.Length, classNames.Length];

    /// <summary>The classes, in order.</summary>
    public ImmutableArray<string> ClassNames => classNames;

    /// <summary>How many images were classified.</summary>
    public int Total { get; private set; }

    /// <summary>How many of them rightly.</summary>
    public int Right { get; private set; }

    /// <summary>The share that was classified rightly, from 0 to 1.</summary>
    public double Accuracy => (double)Right / Total;

    /// <summary>How many images of one class were taken for another.</summary>
    /// <param name="label">What they show.</param>
    /// <param name="guess">What they were taken for.</param>
    /// <returns>The count.</returns>
    public int this[int label, int guess] => _counts[label, guess];

    /// <summary>Counts an image.</summary>
    /// <param name="label">What it shows.</param>
    /// <param name="guess">What it was taken for.</param>
    public void Add(int label, int guess)
    {
        _counts[label, guess]++;
        Total++;
        Right += label == guess ? 1 : 0;
    }

    /// <summary>Precision and recall, class by class.</summary>
    /// <returns>One for each class.</returns>
    public ImmutableArray<ClassFigures> Classes() => [.. Enumerable.Range(0, classNames.Length).Select(Class)];

    /// <summary>The counts, a row for each class that images show, a column for each that they were taken for.</summary>
    /// <returns>The rows.</returns>
    public ImmutableArray<ImmutableArray<int>> Rows() =>
        [.. Enumerable.Range(0, classNames.Length).Select(label => Enumerable.Range(0, classNames.Length).Select(guess => _counts[label, guess]).ToImmutableArray())];

    private ClassFigures Class(int index)
    {
        int images = Enumerable.Range(0, classNames.Length).Sum(guess => _counts[index, guess]);
        int guesses = Enumerable.Range(0, classNames.Length).Sum(label => _counts[label, index]);
        int right = _counts[index, index];
        return new ClassFigures(
            classNames[index],
            images,
            guesses == 0 ? null : (double)right / guesses,
            images == 0 ? null : (double)right / images,
            images + guesses == 0 ? null : 2.0 * right / (images + guesses));
    }
}

/// <summary>How well a class is told from the others.</summary>
/// <param name="Class">Its name.</param>
/// <param name="Images">How many images show it.</param>
/// <param name="Precision">Of the images taken for it, the share that shows it; null where none was.</param>
/// <param name="Recall">Of the images that show it, the share taken for it; null where none does.</param>
/// <param name="F1">The harmonic mean of the two; null where there are neither.</param>
internal sealed record ClassFigures(string Class, int Images, double? Precision, double? Recall, double? F1);
