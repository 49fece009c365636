using System.Numerics.Tensors;
using System.Text.Json;
using Sepal.Architectures;
using Sepal.Onnx;
using Xunit;

namespace Sepal.Tests.Cli;

public sealed class ExportVerbTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public void Writes_the_architecture_with_the_weights_of_the_seed()
    {
        string file = _directory.File("network.onnx");
        (int exitCode, string output, string error) =
            CommandLine.Run($"export shufflenet-v2-0.5 --output {file} --classes 6 --input 64x32x3 --seed 9 --format json");
        Assert.Equal((0, string.Empty), (exitCode, error));

        JsonElement json = JsonDocument.Parse(output).RootElement;
        Assert.Equal("shufflenet-v2-0.5", json.GetProperty("model").GetString());
        Assert.Equal("[64,32,3]", json.GetProperty("input").GetRawText());
        Assert.Equal(9, json.GetProperty("seed").GetInt32());
        Assert.Equal(new FileInfo(file).Length, json.GetProperty("bytes").GetInt64());

        using Model expected = new ShuffleNetV2 { Width = 0.5, Classes = 6, InputShape = [64, 32, 3] }.Build();
        expected.Initialize(9);
        Assert.Equal(expected.Cost().TrainableParameters, json.GetProperty("parameters").GetInt64());
        using Model read = OnnxModel.Import(file);
        Tensor<float> image = Tensor.Create([.. Enumerable.Range(0, 64 * 32 * 3).Select(index => index % 7 / 7f)], [1, 64, 32, 3]);
        Assert.Equal(expected.Predict(image).ToArray(), read.Predict(image).ToArray());
    }

    [Theory]
    [InlineData("export resnet-18 --output x.onnx", "NAME: received 'resnet-18'; expected an architecture: ", "Did you mean 'resnet18'?")]
    [InlineData("export resnet18 --output x.pb", "--output: received 'x.pb'; expected a file that ends in .onnx.", "")]
    [InlineData("export resnet18", "missing --output <FILE>.", "")]
    [InlineData("export --output x.onnx", "missing NAME.", "")]
    [InlineData("export mobilenet-v1-40 --output x.onnx", "'mobilenet-v1-40' would have ", "Choose a smaller width or fewer classes.")]
    public void What_cannot_be_written_is_refused(string arguments, string start, string end)
    {
        (int exitCode, string output, string error) = CommandLine.Run(arguments);
        Assert.Equal((2, string.Empty), (exitCode, output));
        Assert.StartsWith($"sepal: {start}", error, StringComparison.Ordinal);
        Assert.Contains(end, error, StringComparison.Ordinal);
        Assert.Single(error.TrimEnd().Split('\n'));
    }
}
