using Sepal.Data;
using Sepal.Graphs;
using Xunit;

namespace Sepal.Tests.Data;

public sealed class MnistTests
{
    [Fact]
    public void The_digits_in_the_repository_are_MNIST()
    {
        (IdxDataset train, IdxDataset test) = Mnist.Load(Repository.Path("data", "mnist"));

        Assert.Equal(60_000, train.Count);
        Assert.Equal(10_000, test.Count);
        Assert.Equal(new Shape(28, 28, 1), train.InputShape);
        Assert.Equal(10, train.ClassCount);
        Assert.Equal([5, 0, 4, 1, 9], Enumerable.Range(0, 5).Select(train.Label));
        Assert.Equal([7, 2, 1, 0, 4], Enumerable.Range(0, 5).Select(test.Label));

        // The first training image, a five: its corner, the first stroke's beginning, and all its ink.
        ReadOnlySpan<byte> five = train.Image(0);
        Assert.Equal(0, five[0]);
        Assert.Equal([3, 18, 18, 18, 126, 136, 175, 26, 166, 255, 247, 127], five.Slice((5 * 28) + 12, 12).ToArray());
        Assert.Equal(27_525, five.ToArray().Sum(value => value));
    }

    [Theory]
    [InlineData("-idx", "-ubyte")]
    [InlineData(".idx", "-ubyte")]
    [InlineData("-idx", "-ubyte.gz")]
    [InlineData(".idx", "-ubyte.gz")]
    public void Finds_the_files_however_they_are_spelt(string before, string after)
    {
        using var directory = new TemporaryDirectory();
        Write(directory, before, after);

        (IdxDataset train, IdxDataset test) = Mnist.Load(directory.Path);

        Assert.True(Mnist.IsDataset(directory.Path));
        Assert.Equal((3, 2), (train.Count, test.Count));
        Assert.Equal((5, 5), (train.ClassCount, test.ClassCount));
    }

    [Fact]
    public void Takes_names_for_the_classes()
    {
        using var directory = new TemporaryDirectory();
        Write(directory);

        Assert.Equal("Coat", Mnist.Load(directory.Path, Mnist.FashionClassNames).Test.ClassNames[4]);
        Assert.Contains("label 2 is 2, but there are 2 classes", Refuses(directory.Path, ["a", "b"]), StringComparison.Ordinal);
    }

    [Fact]
    public void Lists_the_names_it_looked_for()
    {
        using var directory = new TemporaryDirectory();
        Write(directory);
        File.Delete(directory.File("t10k-labels-idx1-ubyte"));

        string message = Refuses(directory.Path);
        Assert.Contains(directory.Path, message, StringComparison.Ordinal);
        Assert.Contains(
            "none of t10k-labels-idx1-ubyte.gz, t10k-labels.idx1-ubyte.gz, t10k-labels-idx1-ubyte, t10k-labels.idx1-ubyte",
            message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void Names_a_directory_that_cannot_be_read()
    {
        using var directory = new TemporaryDirectory();
        File.WriteAllText(directory.File("file"), string.Empty);

        Assert.Contains("there is no such directory", Refuses(directory.File("missing")), StringComparison.Ordinal);
        Assert.Contains("this is a file, not a directory", Refuses(directory.File("file")), StringComparison.Ordinal);
    }

    [Fact]
    public void Refuses_sets_of_different_sizes()
    {
        using var directory = new TemporaryDirectory();
        Write(directory);
        File.WriteAllBytes(directory.File("t10k-images-idx3-ubyte"), IdxBytes.Images(2, 3, 3));

        Assert.Contains("images of (2, 2, 1)", Refuses(directory.Path), StringComparison.Ordinal);
    }

    private static string Refuses(string directory, string[]? classNames = null) =>
        Assert.Throws<DataException>(() => Mnist.Load(directory, classNames)).Message;

    private static void Write(TemporaryDirectory directory, string before = "-idx", string after = "-ubyte")
    {
        Write("train-images", 3, IdxBytes.Images(3, 2, 2));
        Write("train-labels", 1, IdxBytes.Labels(0, 1, 2));
        Write("t10k-images", 3, IdxBytes.Images(2, 2, 2));
        Write("t10k-labels", 1, IdxBytes.Labels(0, 4));

        void Write(string part, int rank, byte[] bytes) =>
            File.WriteAllBytes(
                directory.File($"{part}{before}{rank}{after}"),
                after.EndsWith(".gz", StringComparison.Ordinal) ? IdxBytes.Zip(bytes) : bytes);
    }
}
