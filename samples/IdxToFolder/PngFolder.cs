using System.Globalization;
using Sepal.Data;

namespace IdxToFolder;

/// <summary>Writes images as PNG files, those of a class into a folder of its name.</summary>
internal sealed class PngFolder
{
    private readonly string _root;

    /// <summary>Begins a folder.</summary>
    /// <param name="root">The folder; made if there is none.</param>
    /// <exception cref="DataException">It holds something already, which would get mixed with what is written.</exception>
    public PngFolder(string root)
    {
        _root = root;
        if (File.Exists(root) || (Directory.Exists(root) && Directory.EnumerateFileSystemEntries(root).Any()))
        {
            throw new DataException($"{root}: there is something already. Expected a folder that is empty or not there; give another, or remove it.");
        }
    }

    /// <summary>Writes one part of the set; nothing where it has no images.</summary>
    /// <param name="part"><c>train</c>, <c>val</c> or <c>test</c>.</param>
    /// <param name="images">The images.</param>
    /// <param name="places">Which of them. A file is called by its place in the IDX file.</param>
    public void Write(string part, IdxDataset images, IReadOnlyList<int> places)
    {
        (int height, int width) = ((int)images.InputShape[0].Value, (int)images.InputShape[1].Value);
        string[] folders = [.. images.ClassNames.Select(name => Path.Combine(_root, part, FolderName(name)))];
        foreach (int label in places.Select(images.Label).Distinct())
        {
            Directory.CreateDirectory(folders[label]);
        }

        Parallel.ForEach(places, place =>
        {
            string name = string.Create(CultureInfo.InvariantCulture, $"{place:00000}.png");
            File.WriteAllBytes(Path.Combine(folders[images.Label(place)], name), PngImage.Encode(images.Image(place), width, height));
        });
    }

    /// <summary>A class may be called <c>T-shirt/top</c>; a folder may not.</summary>
    private static string FolderName(string className) => className.Replace('/', '-');
}
