using System.Diagnostics;
using Sepal.Data;
using Xunit;

namespace Sepal.Tests.Samples;

/// <summary>The sample as its user runs it, on the real files.</summary>
public sealed class IdxToFolderTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task A_few_of_every_class_become_the_folders_that_training_takes()
    {
        string target = Path.Combine(_directory.Path, "digits");
        (int exitCode, string output, string error) = await Run(Repository.Path("data", "mnist"), target, "--per-class", "3", "--validation", "2");

        Assert.True(exitCode == 0, error);
        Assert.Equal($"{target}: 10 classes; 30 images in train, 20 in val, 10,000 in test.\n", output);
        ImageFolder folder = ImageFolder.Scan(target);
        Assert.Equal(["0", "1", "2", "3", "4", "5", "6", "7", "8", "9"], folder.ClassNames);
        Assert.All(folder.Train.GroupBy(image => image.Label), images => Assert.Equal(3, images.Count()));
        Assert.All(folder.Validation.GroupBy(image => image.Label), images => Assert.Equal(2, images.Count()));
        Assert.Equal(10_000, folder.Test.Length);

        // A picture has the pixels of its place in the file, and the folder of its label.
        (IdxDataset train, IdxDataset test) = Mnist.Load(Repository.Path("data", "mnist"));
        foreach ((LabelledImage image, IdxDataset set) in folder.Train.Concat(folder.Validation).Select(image => (image, train)).Append((folder.Test[77], test)))
        {
            int place = int.Parse(Path.GetFileNameWithoutExtension(image.Path), System.Globalization.CultureInfo.InvariantCulture);
            Assert.Equal(set.Label(place), image.Label);
            using ImageDataset one = ImageDataset.Open(
                [image],
                folder.ClassNames,
                new ImageDatasetOptions { Preprocessing = new() { Size = (28, 28), Channels = Sepal.Onnx.ImageChannels.Grey, Scale = 1 } });
            float[] pixels = new float[28 * 28];
            one.Read([0], pixels, new float[1]);
            Assert.Equal(set.Image(place).ToArray().Select(pixel => (float)pixel), pixels);
        }
    }

    [Theory]
    [InlineData("received 1 places; expected two, SOURCE and TARGET.", "data")]
    [InlineData("received '--split', which is no option.", "data", "out", "--split", "3")]
    [InlineData("--per-class: received 'all'; expected a whole number of at least 1.", "data", "out", "--per-class", "all")]
    [InlineData("--classes has no value behind it.", "data", "out", "--classes")]
    public async Task What_is_no_call_of_it_is_answered_with_the_usage(string said, params string[] arguments)
    {
        (int exitCode, string output, string error) = await Run(arguments);

        Assert.Equal((2, string.Empty), (exitCode, output));
        Assert.StartsWith($"IdxToFolder: {said}\n\nUsage: ", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_folder_with_something_in_it_is_left_alone()
    {
        string file = Path.Combine(_directory.Path, "mine.txt");
        await File.WriteAllTextAsync(file, "mine", TestContext.Current.CancellationToken);
        (int exitCode, _, string error) = await Run(Repository.Path("data", "mnist"), _directory.Path);

        Assert.Equal(2, exitCode);
        Assert.StartsWith($"IdxToFolder: {_directory.Path}: there is something already.", error, StringComparison.Ordinal);
        Assert.Equal([file], Directory.EnumerateFileSystemEntries(_directory.Path));
    }

    [Fact]
    public async Task More_than_a_class_has_is_refused_by_its_name()
    {
        string target = Path.Combine(_directory.Path, "digits");
        (int exitCode, _, string error) = await Run(Repository.Path("data", "mnist"), target, "--per-class", "6000");

        Assert.Equal(2, exitCode);
        Assert.Contains("The class '0' has 5923 images, but 6000 are needed", error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(target));
    }

    [Fact]
    public async Task Some_classes_are_taken_by_their_names()
    {
        string target = Path.Combine(_directory.Path, "odd");
        (int exitCode, string output, string error) = await Run(
            Repository.Path("data", "mnist"), target, "--classes", "zero,one,two,three,four,five,six,seven,eight,nine",
            "--only", "three,one", "--per-class", "2");

        Assert.True(exitCode == 0, error);
        ImageFolder folder = ImageFolder.Scan(target);
        Assert.Equal(["one", "three"], folder.ClassNames);
        Assert.Equal(4, folder.Train.Length);
        Assert.Equal(1135 + 1010, folder.Test.Length);
        Assert.Equal($"{target}: 2 classes; 4 images in train, 0 in val, 2,145 in test.\n", output);
    }

    [Fact]
    public async Task A_class_that_the_set_has_not_is_refused_with_those_that_it_has()
    {
        string target = Path.Combine(_directory.Path, "none");
        (int exitCode, _, string error) = await Run(Repository.Path("data", "mnist"), target, "--only", "3,ten");

        Assert.Equal(2, exitCode);
        Assert.Contains("received the class 'ten'; expected one of the set's: 0, 1, 2,", error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(target));
    }

    private static async Task<(int ExitCode, string Output, string Error)> Run(params string[] arguments)
    {
        // bin/<configuration>/net10.0 is the same for the tests and for the sample.
        string output = new DirectoryInfo(AppContext.BaseDirectory).Parent!.Name;
        string program = Repository.Path("samples", "IdxToFolder", "bin", output, "net10.0", "IdxToFolder.dll");
        var start = new ProcessStartInfo("dotnet", [program, .. arguments]) { RedirectStandardOutput = true, RedirectStandardError = true };
        using Process process = Process.Start(start)!;
        Task<string> errors = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        string text = await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return (process.ExitCode, text, await errors);
    }
}
