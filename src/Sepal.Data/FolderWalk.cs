using System.Collections.Immutable;
using Sepal.Onnx.Files;

namespace Sepal.Data;

/// <summary>
/// Goes through a directory's folders and files in the ordinal order of their names, the same on every system. Hidden ones
/// (<c>.git</c>, <c>.DS_Store</c>) are passed over, and links are followed only as long as they stay in the directory.
/// </summary>
/// <param name="root">The directory that links must not leave.</param>
internal sealed class FolderWalk(string root)
{
    private readonly string _realRoot = RealPath.Of(root);

    /// <summary>How pictures' names end.</summary>
    public static ImmutableArray<string> Endings { get; } = [".jpg", ".jpeg", ".png", ".webp", ".bmp", ".gif"];

    /// <summary>The directory.</summary>
    public string Root => root;

    /// <summary>Pictures that were left out so far.</summary>
    public List<SkippedImage> Skipped { get; } = [];

    /// <summary>Files that are no pictures by their names.</summary>
    public int OtherFiles { get; private set; }

    /// <summary>Whether a path's last part begins with a dot.</summary>
    /// <param name="path">The path.</param>
    /// <returns>Whether it does.</returns>
    public static bool IsHidden(string path) => Path.GetFileName(path.AsSpan()).StartsWith('.');

    /// <summary>The names of the folders in a directory.</summary>
    /// <param name="directory">The directory.</param>
    /// <returns>The names, sorted.</returns>
    /// <exception cref="DataException">It cannot be read, or a folder is a link that leads out of the root.</exception>
    public ImmutableArray<string> Folders(string directory)
    {
        ImmutableArray<string> folders = [.. Entries(directory).Where(Directory.Exists)];
        foreach (string folder in folders)
        {
            if (!IsInside(folder))
            {
                throw new DataException(
                    $"{folder}: the folder is a link that leads out of {root}, to {RealPath.Of(folder)}. "
                    + "Links are followed inside the directory only: copy the folder there, or give the directory that it is in.");
            }
        }

        return [.. folders.Select(folder => Path.GetFileName(folder)!)];
    }

    /// <summary>Whether there is a picture right in a directory.</summary>
    /// <param name="directory">The directory.</param>
    /// <returns>Whether there is one.</returns>
    public static bool HasImages(string directory) => Entries(directory).Any(path => IsImage(path) && File.Exists(path));

    /// <summary>The pictures in a folder and the folders below it.</summary>
    /// <param name="folder">The folder.</param>
    /// <returns>Their paths, in order.</returns>
    /// <exception cref="DataException">A folder cannot be read, or leads out of the root.</exception>
    public ImmutableArray<string> Images(string folder)
    {
        var images = ImmutableArray.CreateBuilder<string>();
        Collect(folder, images, [RealPath.Of(folder)]);
        return images.DrainToImmutable();
    }

    private void Collect(string folder, ImmutableArray<string>.Builder images, HashSet<string> seen)
    {
        foreach (string path in Entries(folder))
        {
            if (Directory.Exists(path))
            {
                continue;
            }

            if (!IsImage(path))
            {
                OtherFiles++;
            }
            else if (!File.Exists(RealPath.Of(path)))
            {
                Skipped.Add(new SkippedImage(path, "it is a link to a file that does not exist. Take it away, or mend it."));
            }
            else if (!IsInside(path))
            {
                Skipped.Add(new SkippedImage(
                    path, $"it is a link that leads out of {root}, to {RealPath.Of(path)}. Copy the file itself there."));
            }
            else
            {
                images.Add(path);
            }
        }

        foreach (string name in Folders(folder))
        {
            // A link to a folder above would go round for ever.
            string below = Path.Combine(folder, name);
            if (seen.Add(RealPath.Of(below)))
            {
                Collect(below, images, seen);
            }
        }
    }

    private static bool IsImage(string path) => Endings.Contains(Path.GetExtension(path), StringComparer.OrdinalIgnoreCase);

    private bool IsInside(string path)
    {
        if (new FileInfo(path).LinkTarget is null)
        {
            return true;
        }

        string real = RealPath.Of(path);
        return real == _realRoot || RealPath.IsBelow(real, _realRoot);
    }

    private static ImmutableArray<string> Entries(string directory)
    {
        try
        {
            return [.. Directory.EnumerateFileSystemEntries(directory).Where(path => !IsHidden(path)).Order(StringComparer.Ordinal)];
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            string problem = error switch
            {
                _ when File.Exists(directory) => "it is a file, not a directory",
                DirectoryNotFoundException => "there is no such directory",
                UnauthorizedAccessException => "you may not read this directory",
                _ => $"the directory cannot be read ({error.Message.TrimEnd('.')})",
            };
            throw new DataException($"{directory}: {problem}. Expected a directory of pictures, one folder a class.", error);
        }
    }
}
