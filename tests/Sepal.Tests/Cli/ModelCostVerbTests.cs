using System.Globalization;
using System.Text.Json;
using Google.Protobuf;
using Sepal.Graphs;
using Sepal.Onnx.Protocol;
using Sepal.Tests.Onnx;
using Xunit;

namespace Sepal.Tests.Cli;

/// <summary><c>sepal cost MODEL</c>: architectures and files.</summary>
public sealed class ModelCostVerbTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public void A_machine_adds_times_to_every_layer()
    {
        string[] lines = Output("cost resnet18 --machine peak=100G,bandwidth=10G --format csv").TrimEnd().Split('\n');
        Assert.Equal("name,kind,output,parameters,macs,elementOperations,bytes,arithmeticIntensity,rooflineMicroseconds", lines[0]);

        // 118,013,952 MACs at 100 GFLOP/s; its bytes would take less than half of that.
        string[] stem = lines[1].Split(',');
        Assert.Equal("118013952", stem[4]);
        Assert.Equal(2360.3, double.Parse(stem[8], CultureInfo.InvariantCulture), 0.1);
    }

    [Fact]
    public void Symbolic_totals_leave_the_batch_open()
    {
        (int exitCode, _, string errors) = CommandLine.Run("cost resnet18 --symbolic --batch 8");
        Assert.Equal(2, exitCode);
        Assert.Contains("--symbolic", errors, StringComparison.Ordinal);
    }

    [Fact]
    public void Table()
    {
        string[] lines = Output("cost mobilenet-v1").Split('\n');

        Assert.Matches("^  Layer +Kind +Output +Parameters +MACs$", lines[0]);
        Assert.Matches("^  stem/conv +standard +112×112×32 +864 +10,838,016$", lines[2]);
        Assert.Matches("^  stem/batch_normalization +batchnormalization +112×112×32 +64 +0$", lines[3]);
        Assert.Matches("^  block_1/depthwise/conv +depthwise +112×112×32 +288 +3,612,672$", lines[5]);
        Assert.Matches("^  block_1/pointwise/conv +pointwise +112×112×64 +2,048 +25,690,112$", lines[8]);
        Assert.Contains(lines, line => Matches(line, "parameters, trainable +4,231,976$"));
        Assert.Contains(lines, line => Matches(line, "parameters, not trainable +21,888$"));
        Assert.Contains(lines, line => Matches(line, "MACs +568,740,352$"));
        Assert.Contains(lines, line => Matches(line, "FLOPs +1,137,480,704$"));
        Assert.Contains(lines, line => line.StartsWith("MACs are those of convolutions and dense layers, for one 224×224×3 input;", StringComparison.Ordinal));
    }

    [Fact]
    public void Json_is_the_count_of_every_layer()
    {
        JsonElement json = JsonDocument.Parse(Output("cost mobilenet-v2 --input 96x64x1 --classes 5 --batch 2 --format json")).RootElement;

        Assert.Equal("mobilenet-v2", json.GetProperty("model").GetString());
        Assert.Equal("[96,64,1]", json.GetProperty("input").GetRawText());
        Assert.Equal(2, json.GetProperty("batch").GetInt32());
        Assert.Equal(3_504_872 - (995 * 1281) - (2 * 9 * 32), json.GetProperty("parameters").GetInt64());
        JsonElement[] layers = [.. json.GetProperty("layers").EnumerateArray()];
        Assert.Equal(json.GetProperty("macs").GetInt64(), layers.Sum(layer => layer.GetProperty("macs").GetInt64()));
        Assert.Equal(json.GetProperty("parameters").GetInt64(), layers.Sum(layer => layer.GetProperty("parameters").GetInt64()));
        Assert.Equal(2 * json.GetProperty("macs").GetInt64(), json.GetProperty("flops").GetInt64());
        Assert.StartsWith(
            $$"""{"name":"block_1/depthwise/conv","operator":"Convolution","kind":"depthwise","output":[48,32,32],"parameters":288,"nonTrainableParameters":0,"macs":{{2 * 48 * 32 * 288}},"category":"depthwise",""",
            layers.First(layer => layer.GetProperty("name").GetString() == "block_1/depthwise/conv").GetRawText(),
            StringComparison.Ordinal);
        Assert.Equal("[5]", layers[^1].GetProperty("output").GetRawText());
        Assert.Empty(json.GetProperty("uncounted").EnumerateArray());
    }

    [Fact]
    public void Csv_holds_the_layers()
    {
        string[] lines = Output("cost resnet18 --format csv").TrimEnd().Split('\n');
        Assert.Equal("name,kind,output,parameters,macs", lines[0]);
        Assert.Equal("stem/conv,standard,112x112x64,9408,118013952", lines[1]);
    }

    [Fact]
    public void A_file_is_counted_like_the_architecture_that_it_was_written_from()
    {
        string file = _directory.File("small.onnx");
        Assert.Equal(0, CommandLine.Run($"export mobilenet-v1-0.25 --input 32x32x3 --classes 10 --output {file}").ExitCode);

        string ofFile = Output($"cost {file} --format csv");
        Assert.Equal(Output("cost mobilenet-v1-0.25 --input 32x32x3 --classes 10 --format csv"), ofFile);
        Assert.Contains("stem/conv,standard,16x16x8,216,55296", ofFile, StringComparison.Ordinal);
    }

    [Fact]
    public void Open_dimensions_of_a_file_take_the_size_that_is_given()
    {
        string file = OpenFile();
        JsonElement json = JsonDocument.Parse(Output($"cost {file} --input 10x6x3 --batch 4 --format json")).RootElement;
        Assert.Equal("[10,6,3]", json.GetProperty("input").GetRawText());
        Assert.Equal("[10,6,3]", json.GetProperty("layers")[0].GetProperty("output").GetRawText());
        Assert.Equal(4 * 10 * 6 * 3, json.GetProperty("elementOperations").GetInt64());

        AssertRefused($"cost {file}", $"'{file}' leaves its input ");
        AssertRefused($"cost {file} --input 10x6x4", "--input: received '10x6x4'; expected an image that fits the model's input ");
    }

    [Fact]
    public void Unknown_operators_are_listed_and_not_counted_as_nothing()
    {
        string file = _directory.File("unknown.onnx");
        ModelProto model = new OnnxModelBuilder().Input("x", ElementType.Float32, 1, 4).Node("Mystery", "x", "y").Output("y").Model;
        model.Graph.Output[0].Type = model.Graph.Input[0].Type.Clone();
        File.WriteAllBytes(file, model.ToByteArray());
        (int done, string output, string warning) = CommandLine.Run($"cost {file}");
        Assert.Equal(0, done);
        Assert.StartsWith("sepal: warning: ", warning, StringComparison.Ordinal);
        Assert.Contains("unknown", output, StringComparison.Ordinal);
        Assert.Contains("Not counted, since their operators are unknown: ", output, StringComparison.Ordinal);
        (int exitCode, _, string error) = CommandLine.Run($"cost {file} --strict");
        Assert.Equal(1, exitCode);
        Assert.StartsWith("sepal: warning: 1 node(s) with unknown operators are not counted: ", error, StringComparison.Ordinal);
    }

    [Fact]
    public void Symbolic_totals_are_polynomials()
    {
        string output = Output("cost mobilenet-v1 --symbolic");
        Assert.Contains("⌊(H + 1) / 2⌋", output, StringComparison.Ordinal);
        Assert.Contains("For sizes that are multiples of 32", output, StringComparison.Ordinal);
    }

    [Fact]
    public void A_machine_gives_roofline_times() =>
        Assert.Contains("roofline time, microseconds", Output("cost mobilenet-v1 --machine peak=200G,bandwidth=20G"), StringComparison.Ordinal);

    [Theory]
    [InlineData("cost mobilnet-v2", "MODEL: received 'mobilnet-v2'; expected an ONNX file, or an architecture: mobilenet-v1, ")]
    [InlineData("cost nothing.onnx", "")]
    [InlineData("cost mobilenet-v2 --kernel 3", "--kernel is about one convolution, and 'mobilenet-v2' is a model; leave out one of them. See 'sepal cost --help'.")]
    [InlineData("cost mobilenet-v2 --machine fast", "--machine: received 'fast'; expected 'this', or FLOP and bytes a second such as peak=200G,bandwidth=20G.")]
    [InlineData("cost mobilenet-v2 --count-bias no", "--count-bias: received 'no'; expected elements (apart from the MACs), macs (among them) or none.")]
    [InlineData("cost mobilenet-v2 --bias", "--bias is about one convolution")]
    [InlineData("cost mobilenet-v2 --classes 0", "--classes: received '0'; expected a whole number from 1 to 2147483647.")]
    [InlineData("cost xception --input 3x3x3", "")]
    [InlineData("cost mobilenet-v1-99999999999 --classes 7", "")]
    [InlineData("cost mobilenet-v1 --batch 0", "--batch: received '0'; expected a whole number from 1 to 2147483647.")]
    [InlineData("cost", "missing MODEL; or for one convolution --input <HxWxC>, --filters <N>, --kernel <N|HxW>. See 'sepal cost --help'.")]
    [InlineData("cost --input 5x5x3 --filters 4 --kernel 3 --classes 4", "--classes is about a model; leave it out for one convolution.")]
    public void What_cannot_be_counted_is_refused_in_one_line(string arguments, string message) => AssertRefused(arguments, message);

    [Fact]
    public void The_nearest_name_is_suggested()
    {
        (_, _, string error) = CommandLine.Run("cost mobilnet-v2");
        Assert.EndsWith("resnet18, vgg13. Did you mean 'mobilenet-v2'?\n", error, StringComparison.Ordinal);
    }

    [Fact]
    public void The_classes_of_a_file_are_its_own() =>
        AssertRefused($"cost {OpenFile()} --input 4x4x3 --classes 5", "--classes: received '5' for the file ");

    private string OpenFile()
    {
        string file = _directory.File("open.onnx");
        File.WriteAllBytes(file, new OnnxModelBuilder()
            .Input("x", ElementType.Float32, "n", 3, "h", "w")
            .Node("Relu", "x", "y")
            .Output("y").Model.ToByteArray());
        return file;
    }

    private static bool Matches(string line, string pattern) =>
        System.Text.RegularExpressions.Regex.IsMatch(line, pattern, System.Text.RegularExpressions.RegexOptions.None, TimeSpan.FromSeconds(1));

    private static string Output(string arguments)
    {
        (int exitCode, string output, string error) = CommandLine.Run(arguments);
        Assert.Equal((0, string.Empty), (exitCode, error));
        return output;
    }

    private static void AssertRefused(string arguments, string message)
    {
        (int exitCode, string output, string error) = CommandLine.Run(arguments);
        Assert.Equal((2, string.Empty), (exitCode, output));
        Assert.StartsWith($"sepal: {message}", error, StringComparison.Ordinal);
        Assert.Single(error.TrimEnd().Split('\n'));
        Assert.DoesNotContain("internal error", error, StringComparison.Ordinal);
    }
}
