using System.Text.Json;
using System.Xml.Linq;
using Sepal.Cli.Framework;
using Sepal.Costs;
using Sepal.Data;
using Sepal.Inference;
using Sepal.Onnx;
using Sepal.Tests.Shrinking;
using Xunit;

namespace Sepal.Tests.Cli.Shrinking;

public sealed class ShrinkVerbTests(TrainedDigits digits) : IClassFixture<TrainedDigits>
{
    [Fact]
    public void A_file_is_shrunk_and_reported()
    {
        string small = digits.Path("small.onnx");
        string reports = digits.Path("reports");
        (int exitCode, string output, string error) = CommandLine.Run(
            $"shrink {digits.ModelPath} --data {digits.DataPath} --max-macs 50% --images 100 --threads 1 -o {small} --report {reports} --format json");

        Assert.Equal((ExitCodes.Done, string.Empty), (exitCode, error));
        using JsonDocument json = JsonDocument.Parse(output);
        JsonElement report = json.RootElement;
        using Model model = OnnxModel.Import(small);
        Assert.Equal(ModelCost.Of(model.Graph).MultiplyAccumulates, report.GetProperty("shrunk").GetProperty("macs").GetInt64());
        Assert.True(2 * report.GetProperty("shrunk").GetProperty("macs").GetInt64() <= report.GetProperty("original").GetProperty("macs").GetInt64());
        Assert.Equal("accuracy", report.GetProperty("quality").GetString());
        Assert.Equal(TrainedDigits.TestCount / 2, report.GetProperty("heldOutImages").GetInt32());
        Assert.Equal(["original", "decoupling", "correction"], report.GetProperty("stages").EnumerateArray().Select(stage => stage.GetProperty("stage").GetString()));

        var page = XDocument.Parse(File.ReadAllText(Path.Combine(reports, "report.html")).Replace("<!DOCTYPE html>", string.Empty, StringComparison.Ordinal));
        Assert.Contains(page.Descendants("svg"), chart => chart.Attribute("role")?.Value == "img" && chart.Descendants("text").Any());
        Assert.Contains("| second", File.ReadAllText(Path.Combine(reports, "report.md")), StringComparison.Ordinal);
        using JsonDocument file = JsonDocument.Parse(File.ReadAllText(Path.Combine(reports, "report.json")));
        Assert.Equal(4, file.RootElement.GetProperty("layers").GetArrayLength());
    }

    [Fact]
    public void The_small_file_is_used_like_the_large_one()
    {
        string small = digits.Path("used.onnx");
        (int exitCode, _, _) = CommandLine.Run(
            $"shrink {digits.ModelPath} --data {digits.DataPath} --max-accuracy-drop 0.05 --images 100 --threads 1 --output {small}");
        Assert.Equal(ExitCodes.Done, exitCode);
        using var session = new InferenceSession(small);
        Assert.Equal(10, session.Metadata.ClassNames.Length);
        Assert.Equal(new Size2D(28, 28), session.Metadata.Preprocessing!.Size);
        (exitCode, string output, _) = CommandLine.Run($"evaluate {small} --data {digits.DataPath} --format json");
        Assert.Equal(ExitCodes.Done, exitCode);
        using JsonDocument json = JsonDocument.Parse(output);
        Assert.InRange(json.RootElement.GetProperty("accuracy").GetDouble(), 0.8, 1);
    }

    [Fact]
    public void Pictures_without_labels_do()
    {
        string pictures = Directory.CreateDirectory(digits.Path("pictures")).FullName;
        for (int index = 0; index < 60; index++)
        {
            File.WriteAllBytes(Path.Combine(pictures, $"{index:00}.png"), PngImage.Encode(digits.Test.Image(index), 28, 28));
        }

        (int exitCode, string output, string error) = CommandLine.Run(
            $"shrink {digits.ModelPath} --data {pictures} --max-accuracy-drop 0.2 --threads 1 -o {digits.Path("unlabelled.onnx")} --format json");
        Assert.Equal((ExitCodes.Done, string.Empty), (exitCode, error));
        using JsonDocument json = JsonDocument.Parse(output);
        Assert.Equal("agreement", json.RootElement.GetProperty("quality").GetString());
        Assert.Equal(30, json.RootElement.GetProperty("trainingImages").GetInt32());
    }

    [Theory]
    [InlineData("{model} --data {data} -o {model}", "--output: received '{model}'; expected another file than the one that is shrunk")]
    [InlineData("{model} --data {data} -o small.txt", "--output: received 'small.txt'; expected a file that ends in .onnx")]
    [InlineData("{model} --data {data} -o nowhere/small.onnx", "--output: received 'nowhere/small.onnx'; expected a file in a directory that exists")]
    [InlineData("missing.onnx --data {data} -o {small}", "missing.onnx")]
    [InlineData("{model} --data nowhere -o {small}", "nowhere: there is no such directory")]
    [InlineData("resnet18 --data {data} -o {small}", "MODEL: received 'resnet18'; expected an ONNX file of a trained network")]
    [InlineData("{model} --data {data} -o {small} --max-macs 1K", "The budget cannot be met: at most 1,000 multiply-adds were asked for, and the best reachable is ")]
    [InlineData("{model} --data {data} -o {small} --max-macs 0%", "--max-macs: received '0%'; expected ")]
    [InlineData("{model} --data {data} -o {small} --max-accuracy-drop 2", "--max-accuracy-drop: received '2'; expected a number from 0 to 1")]
    [InlineData("{model} --data {data} -o {small} --keep nothing", "The network has no convolution 'nothing' to keep.")]
    public void Bad_input_is_a_line_and_no_file(string arguments, string expected)
    {
        string small = digits.Path("never.onnx");
        byte[] before = File.ReadAllBytes(digits.ModelPath);
        string Fill(string text) => text
            .Replace("{model}", digits.ModelPath, StringComparison.Ordinal)
            .Replace("{data}", digits.DataPath, StringComparison.Ordinal)
            .Replace("{small}", small, StringComparison.Ordinal);

        (int exitCode, string output, string error) = CommandLine.Run($"shrink {Fill(arguments)} --images 50 --threads 1");

        Assert.Equal((ExitCodes.BadUsage, string.Empty), (exitCode, output));
        Assert.Contains(Fill(expected), error, StringComparison.Ordinal);
        Assert.StartsWith("sepal: ", error, StringComparison.Ordinal);
        Assert.False(File.Exists(small));
        Assert.Equal(before, File.ReadAllBytes(digits.ModelPath));
    }

    [Fact]
    public void Help_shows_examples()
    {
        (int exitCode, string output, _) = CommandLine.Run("shrink --help");
        Assert.Equal(ExitCodes.Done, exitCode);
        Assert.Contains("sepal shrink model.onnx --data flowers --max-accuracy-drop 0.01 -o small.onnx", output, StringComparison.Ordinal);
    }
}
