using System.Collections.Immutable;

namespace Sepal.Data;

/// <summary>
/// Finds the four files of MNIST, or of any set published in its form (Fashion-MNIST, KMNIST), in a directory.
/// </summary>
public static class Mnist
{
    private static readonly ImmutableArray<string> Suffixes = ["-ubyte.gz", "-ubyte"];

    /// <summary>What the classes of Fashion-MNIST are called; its files do not say.</summary>
    public static ImmutableArray<string> FashionClassNames { get; } =
        ["T-shirt/top", "Trouser", "Pullover", "Dress", "Coat", "Sandal", "Shirt", "Sneaker", "Bag", "Ankle boot"];

    /// <summary>Reads the training and the test set.</summary>
    /// <param name="directory">Where the four files are, gzip'd or not: <c>train-images-idx3-ubyte.gz</c> and so on.</param>
    /// <param name="classNames">What the classes are called; numbers up to the greatest label of both sets where not given.</param>
    /// <returns>The two sets, with the same classes and the same shape.</returns>
    /// <exception cref="DataException">A file is missing, damaged or of another kind, or they do not belong together.</exception>
    public static (IdxDataset Train, IdxDataset Test) Load(string directory, IReadOnlyList<string>? classNames = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(directory);
        ImmutableArray<string> present = List(directory);
        string trainImages = Find(directory, present, "train-images", "idx3");
        string trainLabels = Find(directory, present, "train-labels", "idx1");
        string testImages = Find(directory, present, "t10k-images", "idx3");
        string testLabels = Find(directory, present, "t10k-labels", "idx1");

        // Labels first: they are small, and mistakes in a set show in them.
        IdxFile trainLabel = IdxFile.Read(trainLabels);
        IdxFile testLabel = IdxFile.Read(testLabels);
        classNames ??= IdxDataset.NumberNames(1 + Math.Max(IdxDataset.MaximumLabel(trainLabel), IdxDataset.MaximumLabel(testLabel)));
        var train = new IdxDataset(IdxFile.Read(trainImages), trainLabel, classNames);
        var test = new IdxDataset(IdxFile.Read(testImages), testLabel, classNames);
        return train.InputShape.Equals(test.InputShape)
            ? (train, test)
            : throw new DataException(
                $"{trainImages} holds images of {train.InputShape}, but {testImages} of {test.InputShape}. "
                + "Expected images of one size: take the four files of the same set.");
    }

    /// <summary>Whether a directory has at least one of the files, so that it is meant as a data set.</summary>
    /// <param name="directory">The directory; need not exist.</param>
    /// <returns>Whether it is one.</returns>
    public static bool IsDataset(string directory) =>
        Directory.Exists(directory) && Spellings("train-images", "idx3").Any(name => File.Exists(Path.Combine(directory, name)));

    private static ImmutableArray<string> List(string directory)
    {
        try
        {
            return [.. Directory.EnumerateFiles(directory).Select(path => Path.GetFileName(path))];
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            string problem = error switch
            {
                _ when File.Exists(directory) => "this is a file, not a directory",
                DirectoryNotFoundException => "there is no such directory",
                UnauthorizedAccessException => "you may not read this directory",
                _ => $"the directory cannot be read ({error.Message.TrimEnd('.')})",
            };
            throw new DataException(
                $"{directory}: {problem}. Expected a directory with train-images-idx3-ubyte, train-labels-idx1-ubyte, "
                + "t10k-images-idx3-ubyte and t10k-labels-idx1-ubyte, each with or without .gz.",
                error);
        }
    }

    private static string Find(string directory, ImmutableArray<string> present, string part, string kind)
    {
        ImmutableArray<string> names = Spellings(part, kind);
        return names.FirstOrDefault(name => present.Contains(name, StringComparer.Ordinal)) is string found
            ? Path.Combine(directory, found)
            : throw new DataException(
                $"{directory}: it has none of {string.Join(", ", names)}. Expected one of them: download the set again, or give its directory.");
    }

    /// <summary>As published, and as some mirrors and archives spell it: with a dot before <c>idx</c>.</summary>
    private static ImmutableArray<string> Spellings(string part, string kind) =>
        [.. Suffixes.SelectMany(suffix => new[] { $"{part}-{kind}{suffix}", $"{part}.{kind}{suffix}" })];
}
