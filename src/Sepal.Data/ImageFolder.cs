using System.Collections.Immutable;

namespace Sepal.Data;

/// <summary>
/// Pictures in folders, one folder a class, as torchvision's <c>ImageFolder</c> and Keras's
/// <c>image_dataset_from_directory</c> take them: <c>flowers/rose/1.jpg</c>. Or <c>train</c>, <c>val</c> and <c>test</c> folders
/// with the classes' folders in them. The classes' numbers follow the ordinal order of their names.
/// </summary>
public sealed class ImageFolder
{
    private static readonly ImmutableArray<string> TrainNames = ["train", "training"];
    private static readonly ImmutableArray<string> ValidationNames = ["val", "valid", "validation"];
    private static readonly ImmutableArray<string> TestNames = ["test", "testing"];

    private ImageFolder(string path)
    {
        Path = path;
    }

    /// <summary>The directory, as it was given.</summary>
    public string Path { get; }

    /// <summary>What the classes are called, in the order of their numbers.</summary>
    public ImmutableArray<string> ClassNames { get; private init; } = [];

    /// <summary>The pictures to train on, class by class, each class by its paths.</summary>
    public ImmutableArray<LabelledImage> Train { get; private init; } = [];

    /// <summary>The pictures of the folder <c>val</c>; empty where there is none.</summary>
    public ImmutableArray<LabelledImage> Validation { get; private init; } = [];

    /// <summary>The pictures of the folder <c>test</c>; empty where there is none.</summary>
    public ImmutableArray<LabelledImage> Test { get; private init; } = [];

    /// <summary>Files that are pictures by their names and are left out: links that lead out of the directory, or to nothing.</summary>
    public ImmutableArray<SkippedImage> Skipped { get; private init; } = [];

    /// <summary>How many other files there are, which are no pictures by their names.</summary>
    public int OtherFiles { get; private init; }

    /// <summary>Finds the pictures of a directory. None is opened yet.</summary>
    /// <param name="path">The directory.</param>
    /// <returns>What is there.</returns>
    /// <exception cref="DataException">
    /// There is no such directory, there are fewer than two classes, or a class's folder has no picture, cannot be read or
    /// leads out of the directory.
    /// </exception>
    public static ImageFolder Scan(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        var walk = new FolderWalk(path);
        ImmutableArray<string> folders = walk.Folders(path);
        string? train = Find(folders, TrainNames);
        string? validation = Find(folders, ValidationNames);
        string? test = Find(folders, TestNames);
        if (train is null)
        {
            return (validation ?? test) is { } lonely
                ? throw new DataException(
                    $"{path}: it has the folder '{lonely}' but no folder 'train'. Expected one folder a class, or train (and val, test) with one folder a class in each.")
                : Create(walk, path, validation: null, test: null);
        }

        return Create(
            walk, System.IO.Path.Combine(path, train), Below(validation), Below(test));

        string? Below(string? name) => name is null ? null : System.IO.Path.Combine(path, name);
    }

    /// <summary>Finds all pictures of a directory, at any depth, whatever its folders are called. None is opened yet.</summary>
    /// <param name="path">The directory.</param>
    /// <returns>The pictures by their paths, as those to train on; all of one class, which says nothing.</returns>
    /// <exception cref="DataException">There is no such directory, there is no picture in it, or a folder leads out of it.</exception>
    public static ImageFolder ScanUnlabelled(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        var walk = new FolderWalk(path);
        ImmutableArray<string> images = walk.Images(path);
        return images.IsEmpty
            ? throw new DataException(
                $"{path}: it holds no picture that can be used ({string.Join(", ", FolderWalk.Endings)}). Give a directory with pictures in it.")
            : new ImageFolder(path)
            {
                ClassNames = ["unlabelled"],
                Train = [.. images.Select(image => new LabelledImage(image, 0))],
                Skipped = [.. walk.Skipped],
                OtherFiles = walk.OtherFiles,
            };
    }

    /// <summary>Whether pictures stand right in a directory, so that nothing says which class they are of.</summary>
    /// <param name="path">The directory; need not exist.</param>
    /// <returns>Whether they do.</returns>
    public static bool HasPictures(string path) => Directory.Exists(path) && FolderWalk.HasImages(path);

    /// <summary>Whether a directory holds folders, so that it may be meant as classes of pictures.</summary>
    /// <param name="path">The directory; need not exist.</param>
    /// <returns>Whether it does.</returns>
    public static bool HasFolders(string path) =>
        Directory.Exists(path) && Directory.EnumerateDirectories(path).Any(folder => !FolderWalk.IsHidden(folder));

    private static ImageFolder Create(FolderWalk walk, string train, string? validation, string? test)
    {
        ImmutableArray<string> classes = Classes(walk, train);
        return new ImageFolder(walk.Root)
        {
            ClassNames = classes,
            Train = Images(walk, train, classes),
            Validation = validation is null ? [] : Others(walk, validation, classes),
            Test = test is null ? [] : Others(walk, test, classes),
            Skipped = [.. walk.Skipped],
            OtherFiles = walk.OtherFiles,
        };
    }

    private static string? Find(ImmutableArray<string> folders, ImmutableArray<string> names) =>
        folders.FirstOrDefault(folder => names.Contains(folder, StringComparer.OrdinalIgnoreCase));

    private static ImmutableArray<string> Classes(FolderWalk walk, string directory)
    {
        ImmutableArray<string> classes = walk.Folders(directory);
        if (classes.Length >= 2)
        {
            return classes;
        }

        string found = classes.Length == 1
            ? $"its only folder is '{classes[0]}', one class, and a classifier tells at least two apart"
            : FolderWalk.HasImages(directory) ? "pictures stand right in it, so that nothing says which class they are of" : "it has no folders";
        throw new DataException($"{directory}: {found}. Expected one folder a class, with that class's pictures in it: cats/1.jpg, dogs/1.jpg.");
    }

    /// <summary>Pictures to measure on: of classes that are trained, if not of all of them.</summary>
    private static ImmutableArray<LabelledImage> Others(FolderWalk walk, string directory, ImmutableArray<string> classes)
    {
        ImmutableArray<string> own = walk.Folders(directory);
        if (own.Except(classes, StringComparer.Ordinal).FirstOrDefault() is { } unknown)
        {
            throw new DataException(
                $"{directory}: its folder '{unknown}' is none of the classes to train on ({Some(classes)}). "
                + "Expected folders of the same names: rename it, or take it away.");
        }

        return own.IsEmpty
            ? throw new DataException($"{directory}: it has no folders. Expected one folder a class, as beside it: fill it, or take it away.")
            : Images(walk, directory, [.. classes.Select(name => own.Contains(name, StringComparer.Ordinal) ? name : null)]);
    }

    private static ImmutableArray<LabelledImage> Images(FolderWalk walk, string directory, IReadOnlyList<string?> classes)
    {
        var images = ImmutableArray.CreateBuilder<LabelledImage>();
        for (int label = 0; label < classes.Count; label++)
        {
            if (classes[label] is not { } name)
            {
                continue;
            }

            string folder = System.IO.Path.Combine(directory, name);
            ImmutableArray<string> paths = walk.Images(folder);
            if (paths.IsEmpty)
            {
                throw new DataException(
                    $"{folder}: the folder of the class '{name}' holds no picture that can be used ({string.Join(", ", FolderWalk.Endings)}). "
                    + "Put pictures of that class in it, or take the folder away.");
            }

            foreach (string path in paths)
            {
                images.Add(new LabelledImage(path, label));
            }
        }

        return images.DrainToImmutable();
    }

    private static string Some(ImmutableArray<string> names)
    {
        const int Shown = 10;
        return string.Join(", ", names.Take(Shown)) + (names.Length > Shown ? ", …" : string.Empty);
    }
}
