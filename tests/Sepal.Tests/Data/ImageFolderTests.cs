using Sepal.Data;
using Xunit;

namespace Sepal.Tests.Data;

public sealed class ImageFolderTests : IDisposable
{
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory();

    public void Dispose() => _directory.Delete(recursive: true);

    [Fact]
    public void Classes_are_folders_in_ordinal_order()
    {
        Write("b/2.png", "b/10.png", "a/x.JPG", "B/y.webp", "a/deep/z.bmp", "a/notes.txt", "a/.hidden.png", ".git/c.png");

        ImageFolder folder = ImageFolder.Scan(_directory.FullName);

        Assert.Equal(["B", "a", "b"], folder.ClassNames);
        Assert.Equal(
            [("B/y.webp", 0), ("a/x.JPG", 1), ("a/deep/z.bmp", 1), ("b/10.png", 2), ("b/2.png", 2)],
            folder.Train.Select(image => (Relative(image.Path), image.Label)));
        Assert.Equal((1, 0, 0, 0), (folder.OtherFiles, folder.Skipped.Length, folder.Validation.Length, folder.Test.Length));
    }

    [Theory]
    [InlineData("val")]
    [InlineData("Validation")]
    public void Folders_of_sets_hold_the_classes(string validation)
    {
        Write("train/a/1.png", "train/b/1.png", $"{validation}/b/2.png", "test/a/3.png", "test/b/4.png");

        ImageFolder folder = ImageFolder.Scan(_directory.FullName);

        Assert.Equal(["a", "b"], folder.ClassNames);
        Assert.Equal([0, 1], folder.Train.Select(image => image.Label));
        Assert.Equal([($"{validation}/b/2.png", 1)], folder.Validation.Select(image => (Relative(image.Path), image.Label)));
        Assert.Equal(["test/a/3.png", "test/b/4.png"], folder.Test.Select(image => Relative(image.Path)));
    }

    [Theory]
    [InlineData("", "it has no folders. Expected one folder a class")]
    [InlineData("1.png", "pictures stand right in it")]
    [InlineData("cats/1.png", "its only folder is 'cats', one class")]
    [InlineData("cats/1.png dogs/readme.txt", "the folder of the class 'dogs' holds no picture")]
    [InlineData("val/a/1.png val/b/1.png", "it has the folder 'val' but no folder 'train'")]
    [InlineData("train/a/1.png train/b/1.png val/c/1.png", "'c' is none of the classes to train on (a, b)")]
    [InlineData("train/a/1.png train/b/1.png val/x.txt", "it has no folders")]
    public void What_cannot_be_learnt_from_is_refused(string files, string message)
    {
        Write(files.Split(' ', StringSplitOptions.RemoveEmptyEntries));

        var error = Assert.Throws<DataException>(() => ImageFolder.Scan(_directory.FullName));

        Assert.StartsWith(_directory.FullName, error.Message, StringComparison.Ordinal);
        Assert.Contains(message, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Missing_directories_and_files_are_named()
    {
        Write("file.png");

        Assert.Contains("there is no such directory", Assert.Throws<DataException>(() => ImageFolder.Scan(Full("none"))).Message, StringComparison.Ordinal);
        Assert.Contains("it is a file", Assert.Throws<DataException>(() => ImageFolder.Scan(Full("file.png"))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Links_are_followed_only_inside()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Links need rights there.");
        Write("data/a/1.png", "data/b/1.png", "other/2.png");
        File.CreateSymbolicLink(Full("data/b/inside.png"), Full("data/a/1.png"));
        File.CreateSymbolicLink(Full("data/b/outside.png"), Full("other/2.png"));
        File.CreateSymbolicLink(Full("data/b/nowhere.png"), Full("data/none.png"));
        Directory.CreateSymbolicLink(Full("data/b/round"), Full("data"));

        ImageFolder folder = ImageFolder.Scan(Full("data"));

        Assert.Equal(
            ["data/b/1.png", "data/b/inside.png", "data/b/round/a/1.png"],
            folder.Train.Where(image => image.Label == 1).Select(image => Relative(image.Path)));
        Assert.Equal(["data/b/nowhere.png", "data/b/outside.png"], folder.Skipped.Select(image => Relative(image.Path)));
        Assert.Contains("does not exist", folder.Skipped[0].Reason, StringComparison.Ordinal);
        Assert.Contains("leads out of", folder.Skipped[1].Reason, StringComparison.Ordinal);

        Directory.CreateSymbolicLink(Full("data/c"), Full("other"));
        Assert.Contains("is a link that leads out of", Assert.Throws<DataException>(() => ImageFolder.Scan(Full("data"))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_directory_may_itself_be_a_link()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Links need rights there.");
        Write("data/a/1.png", "data/b/1.png");
        File.CreateSymbolicLink(Full("data/b/2.png"), Full("data/a/1.png"));
        Directory.CreateSymbolicLink(Full("link"), Full("data"));

        Assert.Equal(3, ImageFolder.Scan(Full("link")).Train.Length);
    }

    private void Write(params string[] files)
    {
        foreach (string file in files)
        {
            Directory.CreateDirectory(Path.GetDirectoryName(Full(file))!);
            File.WriteAllText(Full(file), string.Empty);
        }
    }

    private string Full(string path) => Path.Combine(_directory.FullName, path);

    private string Relative(string path) => Path.GetRelativePath(_directory.FullName, path).Replace('\\', '/');
}
