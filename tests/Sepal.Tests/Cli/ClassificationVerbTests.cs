using System.Text.Json;
using Sepal.Cli.Framework;
using Sepal.Data;
using Sepal.Inference;
using Sepal.Onnx;
using Sepal.Tests.Data;
using Xunit;

namespace Sepal.Tests.Cli;

/// <summary>The networks that <c>sepal compare</c> writes, on real digits: predicted one by one, and evaluated.</summary>
public sealed class ClassificationVerbTests(ClassificationVerbTests.Digits digits) : IClassFixture<ClassificationVerbTests.Digits>
{
    [Fact]
    public void Files_say_how_images_are_prepared_and_what_classes_are_called()
    {
        using var session = new InferenceSession(digits.Model("mobile"));

        Assert.Equal([1, 28, 28], session.Inputs[0].Shape.Skip(1).Select(dimension => dimension.Value));
        Assert.Equal((new Size2D(28, 28), ImageChannels.Grey, 1f / 255), (
            session.Metadata.Preprocessing!.Size, session.Metadata.Preprocessing.Channels, session.Metadata.Preprocessing.Scale));
        Assert.Equal(["0", "1", "2", "3", "4", "5", "6", "7", "8", "9"], session.Metadata.ClassNames);
    }

    [Theory]
    [InlineData("standard")]
    [InlineData("separable")]
    [InlineData("mobile")]
    public void Real_digits_are_recognised(string network)
    {
        (int exitCode, string output, string error) = CommandLine.Run(
            $"predict {digits.Model(network)} {string.Join(' ', digits.Pictures.Select(picture => picture.Path))} --top 1 --format json");

        Assert.Equal((ExitCodes.Done, string.Empty), (exitCode, error));
        using JsonDocument json = JsonDocument.Parse(output);
        string?[] classes = [.. json.RootElement.GetProperty("images").EnumerateArray().Select(Class)];
        Assert.Equal(Digits.PictureCount, classes.Length);

        // Chance would be two. The deeper network has learnt too little after one epoch on 2,000 images; that it gives what it
        // gave while training shows below.
        Assert.InRange(classes.Zip(digits.Pictures).Count(pair => pair.First == pair.Second.Label), 14, Digits.PictureCount);

        static string? Class(JsonElement image) => Assert.Single(image.GetProperty("predictions").EnumerateArray()).GetProperty("class").GetString();
    }

    [Fact]
    public void Predictions_are_sorted_probabilities()
    {
        (int exitCode, string output, _) = CommandLine.Run($"predict {digits.Model("standard")} {digits.Pictures[0].Path} --format json");

        Assert.Equal(ExitCodes.Done, exitCode);
        using JsonDocument json = JsonDocument.Parse(output);
        double[] probabilities = [.. json.RootElement.GetProperty("images")[0].GetProperty("predictions").EnumerateArray()
            .Select(guess => guess.GetProperty("probability").GetDouble())];
        Assert.Equal(5, probabilities.Length);
        Assert.Equal(probabilities.OrderDescending(), probabilities);
        Assert.InRange(probabilities.Sum(), 0.5, 1.0001);
    }

    [Fact]
    public void Options_go_before_metadata()
    {
        string names = digits.Path("names.txt");
        File.WriteAllLines(names, Enumerable.Range(0, 10).Select(digit => $"digit-{digit}"));

        (int exitCode, string output, string error) = CommandLine.Run(
            $"predict {digits.Model("standard")} {digits.Pictures[0].Path} --classes {names} --scale 0 --top 10 --format csv");

        // Nothing but zeros goes in, so that the picture makes no difference.
        (_, string other, _) = CommandLine.Run(
            $"predict {digits.Model("standard")} {digits.Pictures[1].Path} --classes {names} --scale 0 --top 10 --format csv");
        Assert.Equal((ExitCodes.Done, string.Empty), (exitCode, error));
        Assert.Contains("digit-7", output, StringComparison.Ordinal);
        Assert.Equal(
            output.Replace(digits.Pictures[0].Path, "x", StringComparison.Ordinal), other.Replace(digits.Pictures[1].Path, "x", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("standard", "")]
    [InlineData("deeper", "--batch-size 7 --threads 1")]
    public void Evaluation_finds_what_training_reported(string network, string options)
    {
        (int exitCode, string output, string error) = CommandLine.Run($"evaluate {digits.Model(network)} --data {digits.Data} {options} --format json");

        Assert.Equal((ExitCodes.Done, string.Empty), (exitCode, error));
        using JsonDocument json = JsonDocument.Parse(output);
        using JsonDocument report = JsonDocument.Parse(File.ReadAllText(digits.Path("report.json")));
        JsonElement trained = report.RootElement.GetProperty("networks").EnumerateArray().Single(row => row.GetProperty("name").GetString() == network);
        Assert.Equal(Digits.TestCount, json.RootElement.GetProperty("images").GetInt32());
        Assert.Equal(trained.GetProperty("testAccuracy").GetDouble(), json.RootElement.GetProperty("accuracy").GetDouble(), 1e-9);
        Assert.Equal(trained.GetProperty("testLoss").GetDouble(), json.RootElement.GetProperty("loss").GetDouble(), 1e-4);
        Assert.True(json.RootElement.GetProperty("imagesPerSecond").GetDouble() > 0);
    }

    [Fact]
    public void Tables_are_for_people()
    {
        (_, string predicted, _) = CommandLine.Run($"predict {digits.Model("standard")} {digits.Pictures[0].Path} --top 1");
        (_, string evaluated, _) = CommandLine.Run($"evaluate {digits.Model("standard")} --data {digits.Data}");

        Assert.Matches(@"digit-0\.png +1 +\d +\d +\d+\.\d\d %", predicted);
        Assert.Matches(@"standard\.onnx +300 +\d+\.\d\d % +\d\.\d{4} +[\d,]+", evaluated);
    }

    [Theory]
    [InlineData("predict {m}", "missing IMAGE.")]
    [InlineData("predict {m} none.png", "none.png: there is no such file.")]
    [InlineData("predict {m} {p} --size 32", "images are to be prepared as 32×32. Say the model's own size with --size.")]
    [InlineData("predict {m} {p} --channels rgb", "has 1 channel, but images are to be prepared as Rgb.")]
    [InlineData("predict {m} {p} --channels hsv", "--channels: received 'hsv'; expected rgb, bgr or grey.")]
    [InlineData("predict {m} {p} --mean 1,2,3", "--mean: received '1,2,3'; expected one number for grey images.")]
    [InlineData("predict {m} {p} --mean 1,x,3", "--mean: received '1,x,3'; expected one or three numbers")]
    [InlineData("predict {m} {p} --std 0", "standard deviation")]
    [InlineData("predict {m} {p} --resize 20", "A crop of 28×28 does not fit into pictures whose shorter side is 20.")]
    [InlineData("predict {m} {p} --classes {p}", "class names, but the model tells 10 classes apart.")]
    [InlineData("predict {p} {p}", "")]
    [InlineData("evaluate {m}", "missing --data <DIRECTORY>.")]
    [InlineData("evaluate {m} --data none", "none: there is no such directory.")]
    public void Mistakes_are_one_line(string arguments, string message)
    {
        (int exitCode, string output, string error) = CommandLine.Run(arguments
            .Replace("{m}", digits.Model("standard"), StringComparison.Ordinal)
            .Replace("{p}", digits.Pictures[0].Path, StringComparison.Ordinal));

        Assert.Equal((ExitCodes.BadUsage, string.Empty), (exitCode, output));
        Assert.StartsWith("sepal: ", error, StringComparison.Ordinal);
        Assert.Contains(message, error, StringComparison.Ordinal);
        Assert.Single(error.TrimEnd().Split('\n'));
    }

    /// <summary>Trains the four networks once, on the first images of the repository's MNIST.</summary>
    public sealed class Digits : IDisposable
    {
        public const int TestCount = 300;
        public const int PictureCount = 20;
        private const int TrainCount = 2000;

        private readonly TemporaryDirectory _directory = new();

        public Digits()
        {
            (IdxDataset train, IdxDataset test) = Mnist.Load(Repository.Path("data", "mnist"));
            IdxBytes.Write(_directory, "train", train, TrainCount);
            IdxBytes.Write(_directory, "t10k", test, TestCount);
            (int exitCode, _, string error) = CommandLine.Run(
                $"compare --data {Data} --out {_directory.Path} --epochs 1 --batch-size 32 --format json");
            Assert.Equal((ExitCodes.Done, string.Empty), (exitCode, error));
            Pictures = [.. Enumerable.Range(0, PictureCount).Select(index => (Path($"digit-{index}.png"), test.ClassNames[test.Label(index)]))];
            for (int index = 0; index < PictureCount; index++)
            {
                File.WriteAllBytes(Pictures[index].Path, PngImage.Encode(test.Image(index), 28, 28));
            }
        }

        public (string Path, string Label)[] Pictures { get; }

        public string Data => _directory.Path;

        public string Path(string name) => _directory.File(name);

        public string Model(string network) => Path($"{network}.onnx");

        public void Dispose() => _directory.Dispose();
    }
}
