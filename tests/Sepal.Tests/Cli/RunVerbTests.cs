using System.Text.Json;
using Google.Protobuf;
using Sepal.Cli.Framework;
using Sepal.Data;
using Sepal.Graphs;
using Sepal.Onnx;
using Sepal.Tests.Onnx;
using Xunit;

namespace Sepal.Tests.Cli;

/// <summary>The verb in this process, on a model of two inputs and two outputs.</summary>
public sealed class RunVerbTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    public RunVerbTests()
    {
        File.WriteAllBytes(Model, new OnnxModelBuilder()
            .Input("left", ElementType.Float32, "n", 2)
            .Input("right/x", ElementType.Float32, "n", 2)
            .Node("Add", "left right/x", "sum")
            .Node("Mul", "sum sum", "square")
            .Node("Relu", "left", "positive")
            .Output("square").Output("positive").Model.ToByteArray());
        NpyFile.Write(Path("left.npy"), Floats(1, -2, 3, 4));
        NpyFile.Write(Path("right.npy"), Floats(1, 1, 0, 0.5f));
        TensorFile.Write(Path("right.pb"), "whatever", Floats(0, 0, 0, 0));
    }

    public void Dispose() => _directory.Dispose();

    [Fact]
    public void Files_without_names_go_in_order()
    {
        (int exitCode, string output, string error) = Run(
            $"--input {Path("left.npy")} --input {Path("right.npy")} --output {Path("y.npy")} --output {Path("p.npy")}");

        Assert.Equal((ExitCodes.Done, string.Empty), (exitCode, error));
        Assert.Equal([4, 1, 9, 20.25f], Read("y.npy"));
        Assert.Equal([1, 0, 3, 4], Read("p.npy"));
        Assert.Matches(@"input +left +Float32 +2×2 +\S+left\.npy", output);
        Assert.Matches(@"output +square +Float32 +2×2 +\S+y\.npy", output);
        Assert.Matches(@"The model was read in [0-9.]+ ms; its first run on \d+ threads?, with preparation, took [0-9.]+ ms\.\n$", output);
    }

    [Fact]
    public void Files_with_names_go_where_they_belong()
    {
        (int exitCode, _, string error) = Run(
            $"--input right/x={Path("right.pb")} --input {Path("left.npy")} --output positive={Path("p.pb")} --output sum={Path("s.npy")} --threads 1");

        Assert.Equal((ExitCodes.Done, string.Empty), (exitCode, error));
        Assert.Equal([1, -2, 3, 4], Read("s.npy"));
        (string name, TensorData tensor) = TensorFile.Read(Path("p.pb"));
        Assert.Equal("positive", name);
        Assert.Equal([2, 2], tensor.Shape);
        Assert.Equal([1, 0, 3, 4], tensor.Elements<float>().ToArray());
    }

    [Fact]
    public void Json_is_one_object()
    {
        (int exitCode, string output, _) = Run($"--input {Path("left.npy")} --input {Path("right.npy")} --repeat 3 --threads 1 --format json");

        Assert.Equal(ExitCodes.Done, exitCode);
        using JsonDocument json = JsonDocument.Parse(output);
        Assert.Equal(["left", "right/x"], json.RootElement.GetProperty("inputs").EnumerateArray().Select(row => row.GetProperty("name").GetString()));
        Assert.Equal(["square", "positive"], json.RootElement.GetProperty("outputs").EnumerateArray().Select(row => row.GetProperty("name").GetString()));
        Assert.True(json.RootElement.GetProperty("runMilliseconds").GetDouble() > 0);
    }

    [Theory]
    [InlineData("", "missing MODEL. See 'sepal run --help'.")]
    [InlineData("none.onnx", "none.onnx")]
    [InlineData("{m}", "The input 'left' Float32 (n, 2) was not given.")]
    [InlineData("{m} --input {d}left.npy --input {d}right.npy --input {d}right.pb", "no more files without a name than the model has such tensors: 'left', 'right/x'.")]
    [InlineData("{m} --input {d}left.npy --input left={d}right.npy --input left={d}right.pb", "expected each name once.")]
    [InlineData("{m} --input nobody={d}left.npy", "The model has no input 'nobody'.")]
    [InlineData("{m} --input {d}left.txt", "expected a file that ends in .npy (NumPy) or .pb (ONNX).")]
    [InlineData("{m} --input {d}none.npy", "none.npy: there is no such file.")]
    [InlineData("{m} --input {d}left.npy --input {d}right.npy --output nothing={d}y.npy", "'nothing' is not made by any node.")]
    [InlineData("{m} --input {d}left.npy --input {d}right.npy --output {d}none/y.npy", "none/y.npy: the file cannot be written")]
    [InlineData("{m} --repeat -1", "--repeat: received '-1'; expected a whole number from 0 to 1000000.")]
    public void Mistakes_are_one_line(string arguments, string message)
    {
        (int exitCode, string output, string error) = CommandLine.Run(
            "run " + arguments.Replace("{m}", Model, StringComparison.Ordinal).Replace("{d}", _directory.Path + "/", StringComparison.Ordinal));

        Assert.Equal((ExitCodes.BadUsage, string.Empty), (exitCode, output));
        Assert.StartsWith("sepal: ", error, StringComparison.Ordinal);
        Assert.Contains(message, error, StringComparison.Ordinal);
        Assert.Single(error.TrimEnd().Split('\n'));
    }

    [Fact]
    public void Help_has_an_example()
    {
        (int exitCode, string output, _) = CommandLine.Run("run --help");

        Assert.Equal(ExitCodes.Done, exitCode);
        Assert.Contains("sepal run model.onnx --input x.npy --output y.npy", output, StringComparison.Ordinal);
    }

    private string Model => Path("model.onnx");

    private static TensorData Floats(params float[] numbers) => TensorData.Of<float>([2, 2], ElementType.Float32, numbers);

    private string Path(string name) => _directory.File(name);

    private float[] Read(string name) => NpyFile.Read(Path(name)).Elements<float>().ToArray();

    private (int ExitCode, string Output, string Error) Run(string options) => CommandLine.Run($"run {Model} {options}");
}
