using System.Globalization;
using System.Text.Json;
using Google.Protobuf;
using Sepal.Architectures;
using Sepal.Cli.Framework;
using Sepal.Costs;
using Sepal.Graphs;
using Sepal.Layers;
using Sepal.Tests.Inference;
using Sepal.Tests.Onnx;
using Xunit;

namespace Sepal.Tests.Cli;

/// <summary>The verb in this process.</summary>
public sealed class ProfileVerbTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();
    private readonly Sequential _network = SessionModels.Classifier();

    public ProfileVerbTests()
    {
        _network.ExportOnnx(Model);
    }

    private string Model => _directory.File("model.onnx");

    public void Dispose()
    {
        _network.Dispose();
        _directory.Dispose();
    }

    [Fact]
    public void A_table_and_a_sentence()
    {
        (int exitCode, string output, string error) = CommandLine.Run($"profile {Model} --runs 3 --threads 1");

        Assert.Equal((ExitCodes.Done, string.Empty), (exitCode, error));
        Assert.Matches(@"Step +Node +Computes +Time ms +Of time +MACs +GFLOP/s +Of peak +Bytes +GB/s +Parts", output);
        Assert.Contains("depthwise", output, StringComparison.Ordinal);
        Assert.Matches(
            @"A run on 1 thread takes [0-9.]+ ms, the median of 3, and its steps [0-9.]+ ms with a clock between them: [0-9,]+ MACs at "
            + @"[0-9.]+ GFLOP/s, \d+ % of the \d+ GFLOP/s that this machine does at most\.\n$",
            output);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    public void Json_is_one_object_that_adds_up(int batch)
    {
        JsonElement report = Json($"--batch {batch} --threads 2");

        Assert.Equal(ModelCost.Of(_network.Graph, batch).MultiplyAccumulates, report.GetProperty("macs").GetInt64());
        Assert.Equal(2, report.GetProperty("threads").GetInt32());
        Assert.Equal(3, report.GetProperty("runs").GetInt32());
        Assert.Equal([batch, 3, 9, 9], report.GetProperty("input").EnumerateArray().Select(extent => extent.GetInt32()));
        JsonElement[] steps = [.. report.GetProperty("steps").EnumerateArray()];
        Assert.Equal(report.GetProperty("macs").GetInt64(), steps.Sum(step => step.GetProperty("macs").GetInt64()));
        Assert.Equal(1, steps.Sum(step => step.GetProperty("shareOfTime").GetDouble()), 1e-9);
        Assert.Equal(Enumerable.Range(0, steps.Length), steps.Select(step => step.GetProperty("step").GetInt32()));
        double peak = report.GetProperty("peakGflops").GetDouble();
        Assert.All(steps, step =>
        {
            Assert.Equal(step.GetProperty("nodes").GetArrayLength(), step.GetProperty("kinds").GetArrayLength());
            Assert.Equal(step.GetProperty("gflops").GetDouble() / peak, step.GetProperty("shareOfPeak").GetDouble(), 1e-9);
        });
    }

    [Fact]
    public void The_longest_step_first()
    {
        double[] times = [.. Json("--sort time").GetProperty("steps").EnumerateArray().Select(step => step.GetProperty("milliseconds").GetDouble())];

        Assert.Equal(times.OrderDescending(), times);
    }

    [Fact]
    public void Csv_has_a_line_a_step()
    {
        (_, string output, _) = CommandLine.Run($"profile {Model} --runs 3 --format csv");
        string[] lines = output.TrimEnd().Split('\n');

        Assert.Equal("step,name,kinds,milliseconds,shareOfTime,macs,gflops,shareOfPeak,bytes,gigabytesPerSecond,parts", lines[0]);
        Assert.Equal(
            ModelCost.Of(_network.Graph).MultiplyAccumulates,
            lines[1..].Sum(line => long.Parse(line.Split(',')[5], CultureInfo.InvariantCulture)));
    }

    [Fact]
    public void Architectures_go_by_name()
    {
        (int exitCode, string output, _) = CommandLine.Run("profile mobilenet-v1-0.25 --input 32x64 --batch 2 --runs 3 --format json");

        Assert.Equal(ExitCodes.Done, exitCode);
        using JsonDocument json = JsonDocument.Parse(output);
        Architecture architecture = Architecture.Create("mobilenet-v1-0.25") with { InputShape = [32, 64, 3] };
        Assert.Equal([2, 32, 64, 3], json.RootElement.GetProperty("input").EnumerateArray().Select(extent => extent.GetInt32()));
        Assert.Equal(ModelCost.Of(architecture.BuildGraph(), 2).MultiplyAccumulates, json.RootElement.GetProperty("macs").GetInt64());
    }

    [Fact]
    public void Open_sizes_are_given()
    {
        string open = _directory.File("open.onnx");
        File.WriteAllBytes(open, new OnnxModelBuilder()
            .Input("x", ElementType.Float32, "n", 3, "h", "w").Node("Relu", "x", "y").Output("y").Model.ToByteArray());
        (int exitCode, string output, _) = CommandLine.Run($"profile {open} --input 5x7 --batch 2 --runs 3 --format json");

        Assert.Equal(ExitCodes.Done, exitCode);
        using JsonDocument json = JsonDocument.Parse(output);
        Assert.Equal([2, 3, 5, 7], json.RootElement.GetProperty("input").EnumerateArray().Select(extent => extent.GetInt32()));
        Fails($"profile {open}", "--input: the model's input x Float32 (n, 3, h, w) leaves h and w open; give height x width, for example 224x224.");
    }

    [Fact]
    public void A_fixed_batch_is_kept()
    {
        string closed = _directory.File("closed.onnx");
        File.WriteAllBytes(closed, new OnnxModelBuilder()
            .Input("x", ElementType.Float32, 4, 3, 5, 5).Node("Relu", "x", "y").Output("y").Model.ToByteArray());

        Assert.Equal(ExitCodes.Done, CommandLine.Run($"profile {closed} --runs 3 --input 5x5").ExitCode);
        Fails($"profile {closed} --batch 3", "--batch: received '3'; expected 4, which is fixed in the model's input x Float32 (4, 3, 5, 5).");
        Fails($"profile {closed} --input 6x5", "--input: received '6x5'; expected a size that fits the model's input x Float32 (4, 3, 5, 5).");
    }

    [Theory]
    [InlineData("profile", "missing MODEL. See 'sepal profile --help'.")]
    [InlineData("profile none.onnx", "none.onnx")]
    [InlineData("profile mobilenet-v9", "MODEL: received 'mobilenet-v9'; expected an ONNX file, or an architecture: mobilenet-v1, ")]
    [InlineData("profile none.onnx --sort size", "--sort: received 'size'; expected order or time.")]
    [InlineData("profile none.onnx --runs 0", "--runs: received '0'; expected a whole number from 1 to 1000000.")]
    [InlineData("profile none.onnx --batch x", "--batch: received 'x'; expected a whole number from 1 to 65536.")]
    public void Mistakes_are_one_line(string arguments, string message) => Fails(arguments, message);

    private static void Fails(string arguments, string message)
    {
        (int exitCode, string output, string error) = CommandLine.Run(arguments);

        Assert.Equal((ExitCodes.BadUsage, string.Empty), (exitCode, output));
        Assert.Contains(message, error, StringComparison.Ordinal);
        Assert.Single(error.TrimEnd().Split('\n'));
    }

    private JsonElement Json(string options)
    {
        (int exitCode, string output, string error) = CommandLine.Run($"profile {Model} --runs 3 --format json {options}");

        Assert.Equal((ExitCodes.Done, string.Empty), (exitCode, error));
        using JsonDocument json = JsonDocument.Parse(output);
        return json.RootElement.Clone();
    }
}
