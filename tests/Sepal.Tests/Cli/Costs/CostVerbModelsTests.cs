using System.Text.Json;
using Xunit;

namespace Sepal.Tests.Cli.Costs;

/// <summary><c>sepal cost</c> of models: what if, budgets, comparisons, measured times.</summary>
public sealed class CostVerbModelsTests
{
    private const string Machine = "--machine peak=200G,bandwidth=20G";

    [Fact]
    public void Separate_lists_every_standard_convolution_and_the_totals()
    {
        JsonElement separation = Json($"cost resnet18 --separate {Machine}").GetProperty("separation");
        JsonElement[] convolutions = [.. separation.GetProperty("convolutions").EnumerateArray()];
        JsonElement[] totals = [.. separation.GetProperty("totals").EnumerateArray()];

        Assert.Equal(17, convolutions.Length);
        Assert.Equal("[0,1,2,3,4]", $"[{string.Join(',', totals.Select(total => total.GetProperty("rank").GetInt32()))}]");
        foreach (string figure in (string[])["macs", "parameters"])
        {
            long standard = convolutions.Sum(convolution => convolution.GetProperty("standard").GetProperty(figure).GetInt64());
            for (int rank = 1; rank <= 4; rank++)
            {
                long separable = convolutions.Sum(convolution => convolution.GetProperty("separable")[rank - 1].GetProperty(figure).GetInt64());
                Assert.Equal(totals[0].GetProperty(figure).GetInt64() - standard + separable, totals[rank].GetProperty(figure).GetInt64());
            }
        }

        Assert.Equal(3, separation.GetProperty("kept").GetArrayLength());
        Assert.Matches("separable +1,955,707 +0.167 +223,042,560 +0.123 ", Done($"cost resnet18 --separate {Machine}"));
    }

    [Fact]
    public void Deeper_says_how_many_layers_for_three_measures()
    {
        JsonElement[] deeper = [.. Json($"cost resnet18 --deeper {Machine}").GetProperty("deeper").EnumerateArray()];
        Assert.Equal(["parameters", "macs", "rooflineSeconds"], deeper.Select(measure => measure.GetProperty("measure").GetString()));
        Assert.Equal([134, 54, 30], deeper.Select(measure => measure.GetProperty("extraLayers").GetInt32()));
    }

    [Fact]
    public void Widths_and_resolutions_make_a_table()
    {
        string[] lines = Done($"cost mobilenet-v1 --width 0.25,1 --resolution 128,192x224 --format csv {Machine}").Split('\n');
        Assert.Equal("width,resolution,parameters,macs,memoryBytes,rooflineMilliseconds", lines[0]);
        Assert.StartsWith("0.25,128x128,470072,13570048,", lines[1], StringComparison.Ordinal);
        Assert.StartsWith("0.25,192x224,", lines[2], StringComparison.Ordinal);
        Assert.StartsWith("1,128x128,4231976,186400768,", lines[3], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--max-macs 569M --max-params 4.3M --max-memory 1GiB --max-flops 2G", 0, "")]
    [InlineData("--max-macs 568740352", 0, "")]
    [InlineData("--max-macs 568740351", 1, "sepal: --max-macs: 'mobilenet-v1' has 568,740,352 MACs, 1 (0%) more than 568,740,351.\n")]
    [InlineData("--max-params 4M", 1, "sepal: --max-params: 'mobilenet-v1' has 4,253,864 parameters, 253,864 (6.3%) more than 4,000,000.\n")]
    [InlineData("--max-memory 20MiB", 1, "sepal: --max-memory: 'mobilenet-v1' has 23,437,984 bytes of memory, 2,466,464 (11.8%) more than 20,971,520 (22.4 MiB of 20.0 MiB).\n")]
    public void A_budget_that_is_exceeded_ends_with_1(string budget, int exitCode, string error)
    {
        (int code, string output, string written) = CommandLine.Run($"cost mobilenet-v1 {budget}");
        Assert.Equal((exitCode, error), (code, written));
        Assert.Contains("568,740,352", output, StringComparison.Ordinal);
    }

    [Fact]
    public void Models_stand_side_by_side()
    {
        JsonElement[] models = [.. Json("cost mobilenet-v1 mobilenet-v2 resnet18").GetProperty("models").EnumerateArray()];
        Assert.Equal([568_740_352, 300_774_272, 1_814_073_344], models.Select(model => model.GetProperty("macs").GetInt64()));
        Assert.Matches("resnet18 +224×224×3 +69 +11,689,512 +9,600 +1,814,073,344 +3.190 ", Done("cost mobilenet-v1 mobilenet-v2 resnet18"));
    }

    [Fact]
    public void A_difference_adds_up_to_the_totals()
    {
        JsonElement json = Json("cost --before mobilenet-v2 --after mobilenet-v1");
        JsonElement[] layers = [.. json.GetProperty("layers").EnumerateArray()];
        foreach (string figure in (string[])["macs", "elementOperations"])
        {
            Assert.Equal(
                json.GetProperty("after").GetProperty(figure).GetInt64() - json.GetProperty("before").GetProperty(figure).GetInt64(),
                layers.Sum(layer => layer.GetProperty(figure).GetInt64()));
        }

        Assert.Equal(
            153 - 85,
            layers.Count(layer => layer.GetProperty("what").GetString() == "removed") - layers.Count(layer => layer.GetProperty("what").GetString() == "added"));
        Assert.Equal(layers.Length, layers.Select(layer => layer.GetProperty("name").GetString()).Distinct().Count());
        Assert.Empty(Json("cost --before xception --after xception").GetProperty("layers").EnumerateArray());
    }

    [Fact]
    public void Depth_sums_blocks()
    {
        string[] blocks = Done("cost mobilenet-v2 --depth 1 --format csv").TrimEnd().Split('\n');
        string[] layers = Done("cost mobilenet-v2 --format csv").TrimEnd().Split('\n');
        Assert.Contains("block_2,8 layers,56x56x24,5136,29202432", blocks);
        Assert.Equal(layers.Skip(1).Sum(Macs), blocks.Skip(1).Sum(Macs));
        Assert.True(blocks.Length < layers.Length / 5);

        static long Macs(string line) => long.Parse(line.Split(',')[4], System.Globalization.CultureInfo.InvariantCulture);
    }

    [Fact]
    public void Measured_times_stand_beside_predicted_ones()
    {
        JsonElement json = Json($"cost mobilenet-v1-0.25 --input 64x64x3 --measure --runs 3 {Machine}");
        JsonElement[] steps = [.. json.GetProperty("steps").EnumerateArray()];
        string[] layers = [.. steps.SelectMany(step => step.GetProperty("layers").EnumerateArray()).Select(layer => layer.GetString()!)];
        int vanished = json.GetProperty("vanished").GetArrayLength();

        Assert.All(steps, step => Assert.True(step.GetProperty("measuredSeconds").GetDouble() >= 0));
        Assert.Equal(layers.Length, layers.Distinct().Count());
        Assert.Equal(Json("cost mobilenet-v1-0.25 --input 64x64x3").GetProperty("layers").GetArrayLength(), layers.Length + vanished);
        Assert.Equal(
            Json("cost mobilenet-v1-0.25 --input 64x64x3").GetProperty("macs").GetInt64(), steps.Sum(step => step.GetProperty("macs").GetInt64()));
        Assert.Equal(3, json.GetProperty("runs").GetInt32());
    }

    [Theory]
    [InlineData("cost mobilenet-v1 --max-macs lots", "--max-macs: received 'lots'; expected a number of at least 1, with K, M, G or T for its multiples (300M).")]
    [InlineData("cost mobilenet-v1 --max-macs 0", "--max-macs: received '0'; ")]
    [InlineData("cost mobilenet-v1 --max-params 99999999999G", "--max-params: received '99999999999G'; ")]
    [InlineData("cost mobilenet-v1 --max-memory 20MIBS", "--max-memory: received '20MIBS'; expected bytes of at least 1, with KiB, ")]
    [InlineData("cost mobilenet-v1 --width 0", "--width: received '0'; ")]
    [InlineData("cost mobilenet-v1 --width 1,,2", "--width: received '1,,2'; ")]
    [InlineData("cost mobilenet-v1 --resolution x", "--resolution: received 'x'; ")]
    [InlineData("cost mobilenet-v1 --depth 0", "--depth: received '0'; ")]
    [InlineData("cost mobilenet-v1 --measure --separate", "--measure runs the model as it is; ")]
    [InlineData("cost mobilenet-v1 xception --separate", "--separate is about one model; leave it out for several.")]
    [InlineData("cost mobilenet-v1 xceptoin", "MODEL: received 'xceptoin'; ")]
    [InlineData("cost --before mobilenet-v1", "--before needs a model that it became: --after MODEL.")]
    [InlineData("cost --after mobilenet-v1", "--after needs a model that was before: --before MODEL.")]
    [InlineData("cost resnet18 --before mobilenet-v1 --after xception", "unexpected argument 'resnet18'.")]
    [InlineData("cost --input 5x5x3 --filters 4 --kernel 3 --max-macs 3", "--max-macs is about a model; leave it out for one convolution.")]
    public void What_cannot_be_done_is_refused_in_one_line(string arguments, string message)
    {
        (int exitCode, string output, string error) = CommandLine.Run(arguments);
        Assert.Equal((2, string.Empty), (exitCode, output));
        Assert.StartsWith($"sepal: {message}", error, StringComparison.Ordinal);
        Assert.Single(error.TrimEnd().Split('\n'));
    }

    private static JsonElement Json(string arguments) => JsonDocument.Parse(Done($"{arguments} --format json")).RootElement;

    private static string Done(string arguments)
    {
        (int exitCode, string output, string error) = CommandLine.Run(arguments);
        Assert.Equal((0, string.Empty), (exitCode, error));
        return output;
    }
}
