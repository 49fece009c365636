using System.Collections.Immutable;
using Sepal.Data;
using Sepal.Graphs;

namespace Sepal.Cli.Training;

/// <summary>What <c>--data</c> names: MNIST-format files or folders of pictures. Pictures are found, not opened.</summary>
internal sealed class DataSource
{
    private DataSource(string path, IReadOnlyList<string> classNames)
    {
        Path = path;
        ClassNames = [.. classNames];
    }

    /// <summary>The directory as it was typed.</summary>
    public string Path { get; }

    /// <summary>What the classes are called, in order.</summary>
    public ImmutableArray<string> ClassNames { get; }

    /// <summary>The images of MNIST-format files; null for pictures.</summary>
    public (IdxDataset Train, IdxDataset Test)? Idx { get; private init; }

    /// <summary>The pictures; null for MNIST-format files.</summary>
    public ImageFolder? Folder { get; private init; }

    /// <summary>Height, width and channels of every image, where they are all alike; null for pictures.</summary>
    public Shape? ImageShape => Idx?.Train.InputShape;

    /// <summary>Looks at a directory.</summary>
    /// <param name="path">The directory.</param>
    /// <returns>What is there.</returns>
    /// <exception cref="DataException">There is no such directory, or nothing in it to learn from.</exception>
    public static DataSource Open(string path)
    {
        if (Mnist.IsDataset(path))
        {
            (IdxDataset train, IdxDataset test) = Mnist.Load(path);
            return new DataSource(path, train.ClassNames) { Idx = (train, test) };
        }

        ImageFolder folder = ImageFolder.Scan(path);
        return new DataSource(path, folder.ClassNames) { Folder = folder };
    }
}
