using System.Text;
using System.Text.Json;
using Sepal.Cli;
using Sepal.Cli.Framework;
using Sepal.Tests.Data;
using Xunit;

namespace Sepal.Tests.Cli.Comparison;

/// <summary>The verb in this process, on a data set of a few small images.</summary>
public sealed class CompareVerbTests : IDisposable
{
    private const int TestImages = 20;

    private readonly TemporaryDirectory _directory = new();

    public CompareVerbTests()
    {
        Write("train", count: 60);
        Write("t10k", TestImages);
    }

    public void Dispose() => _directory.Dispose();

    [Fact]
    public void Prints_one_JSON_object_and_nothing_else()
    {
        (int exitCode, string output, string error) = Run("--limit 40 --format json");

        Assert.Equal((ExitCodes.Done, string.Empty), (exitCode, error));
        using JsonDocument json = JsonDocument.Parse(output);
        JsonElement data = json.RootElement.GetProperty("data");
        Assert.Equal(40, data.GetProperty("trainImages").GetInt32());
        Assert.Equal(TestImages, data.GetProperty("testImages").GetInt32());
        Assert.True(json.RootElement.GetProperty("complete").GetBoolean());
        JsonElement[] networks = [.. json.RootElement.GetProperty("networks").EnumerateArray()];
        Assert.Equal(
            ["standard", "separable", "mobile", "deeper"], networks.Select(network => network.GetProperty("name").GetString()));
        Assert.All(networks, network =>
        {
            Assert.InRange(network.GetProperty("testAccuracy").GetDouble(), 0, 1);
            Assert.All(
                (string[])["parameters", "convolutionParameters", "macs", "convolutionMacs", "trainSeconds", "latencyMs", "modelBytes"],
                key => Assert.True(network.GetProperty(key).GetDouble() > 0, key));
            Assert.Equal(
                network.GetProperty("parameters").GetInt64(),
                network.GetProperty("layers").EnumerateArray().Sum(layer => layer.GetProperty("parameters").GetInt64()));
            Assert.Equal(2, network.GetProperty("epochs").GetArrayLength());
        });
    }

    [Fact]
    public void Writes_its_reports_and_networks_and_leaves_nothing_else()
    {
        (int exitCode, string output, _) = Run("--limit 40");

        Assert.Equal(ExitCodes.Done, exitCode);
        Assert.Contains("standard", output, StringComparison.Ordinal);
        Assert.Contains(Path.Combine(Out, "report.html"), output, StringComparison.Ordinal);
        Assert.Equal(
            ["deeper.onnx", "history.csv", "mobile.onnx", "report.html", "report.json", "report.md", "separable.onnx", "standard.onnx"], Files());
        Assert.Equal(1 + (4 * 2), File.ReadAllLines(Path.Combine(Out, "history.csv")).Length);
        string page = File.ReadAllText(Path.Combine(Out, "report.html"));
        Assert.Contains("one 3×3 filter, and 32 multiples of it", page, StringComparison.Ordinal);
    }

    [Fact]
    public void The_same_seed_gives_the_same_figures_on_any_number_of_threads() =>
        Assert.Equal(Learnt("--seed 3 --threads 1"), Learnt("--seed 3 --threads 2"));

    [Fact]
    public void An_interruption_keeps_what_was_finished()
    {
        using var interruption = new CancellationTokenSource();
        using var error = new InterruptingWriter("separable", interruption);
        var terminal = new Terminal(TextWriter.Null, error) { ErrorWidth = 200 };

        int exitCode = SepalCommand.Run(Arguments(string.Empty), terminal, interruption.Token);

        Assert.Equal(ExitCodes.Interrupted, exitCode);
        Assert.Equal(["history.csv", "report.html", "report.json", "report.md", "standard.onnx"], Files());
        using JsonDocument json = JsonDocument.Parse(File.ReadAllText(Path.Combine(Out, "report.json")));
        Assert.False(json.RootElement.GetProperty("complete").GetBoolean());
        Assert.Equal("standard", Assert.Single(json.RootElement.GetProperty("networks").EnumerateArray()).GetProperty("name").GetString());
        Assert.All(
            File.ReadAllLines(Path.Combine(Out, "history.csv")).Skip(1),
            line => Assert.StartsWith("standard,", line, StringComparison.Ordinal));
    }

    [Fact]
    public void An_interruption_before_anything_was_finished_leaves_earlier_files()
    {
        Directory.CreateDirectory(Out);
        File.WriteAllText(Path.Combine(Out, "report.html"), "earlier");
        using var interruption = new CancellationTokenSource();
        interruption.Cancel();

        int exitCode = SepalCommand.Run(Arguments(string.Empty), new Terminal(TextWriter.Null, TextWriter.Null), interruption.Token);

        Assert.Equal(ExitCodes.Interrupted, exitCode);
        Assert.Equal("earlier", File.ReadAllText(Path.Combine(Out, "report.html")));
    }

    [Theory]
    [InlineData("--epochs 0", "sepal: --epochs: received '0'; expected a whole number from 1 to 10000.")]
    [InlineData("--batch-size x", "sepal: --batch-size: received 'x'; expected a whole number from 1 to 65536.")]
    [InlineData("--limit 0", "sepal: --limit: received '0'; expected a whole number from 1 to 2147483647.")]
    [InlineData("--data nowhere", "sepal: nowhere: there is no such directory.")]
    public void Refuses_bad_options_in_one_line(string options, string message)
    {
        (int exitCode, string output, string error) = CommandLine.Run($"compare {options}");

        Assert.Equal((ExitCodes.BadUsage, string.Empty), (exitCode, output));
        Assert.StartsWith(message, error, StringComparison.Ordinal);
        Assert.Single(error.TrimEnd().Split('\n'));
    }

    [Fact]
    public void Refuses_damaged_data_in_one_line_and_writes_nothing()
    {
        File.WriteAllBytes(_directory.File("t10k-labels-idx1-ubyte"), IdxBytes.Labels(1, 2));

        (int exitCode, _, string error) = Run(string.Empty);

        Assert.Equal(ExitCodes.BadUsage, exitCode);
        Assert.Contains("holds 20 images, but", error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(Out));
    }

    [Theory]
    [InlineData("t10k", 200, "test image 19 has the label 200, but no training image has.")]
    [InlineData("train", 200, "a training image has the label 200, but none has 3.")]
    public void Refuses_a_label_that_is_out_of_range_in_one_line(string part, byte label, string message)
    {
        string path = _directory.File($"{part}-labels-idx1-ubyte");
        byte[] bytes = File.ReadAllBytes(path);
        bytes[^1] = label;
        File.WriteAllBytes(path, bytes);

        (int exitCode, string output, string error) = Run(string.Empty);

        Assert.Equal((ExitCodes.BadUsage, string.Empty), (exitCode, output));
        Assert.StartsWith($"sepal: {_directory.Path}: {message}", error, StringComparison.Ordinal);
        Assert.Single(error.TrimEnd().Split('\n'));
        Assert.False(Directory.Exists(Out));
    }

    [Fact]
    public void Takes_class_numbers_that_begin_at_one()
    {
        foreach (string part in (string[])["train", "t10k"])
        {
            string path = _directory.File($"{part}-labels-idx1-ubyte");
            byte[] bytes = File.ReadAllBytes(path);
            foreach (ref byte label in bytes.AsSpan(8))
            {
                label++;
            }

            File.WriteAllBytes(path, bytes);
        }

        Assert.Equal(ExitCodes.Done, Run("--limit 20").ExitCode);
    }

    [Fact]
    public void Refuses_an_output_that_is_a_file()
    {
        File.WriteAllText(Out, string.Empty);

        (int exitCode, _, string error) = Run(string.Empty);

        Assert.Equal(ExitCodes.BadUsage, exitCode);
        Assert.StartsWith($"sepal: --out: received '{Out}'; expected a directory that can be made and written to", error, StringComparison.Ordinal);
        Assert.Single(error.TrimEnd().Split('\n'));
    }

    private string Out => _directory.File("out");

    private string[] Files() => [.. Directory.GetFiles(Out).Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal)];

    private string[] Arguments(string options) =>
        ["compare", "--data", _directory.Path, "--out", Out, "--epochs", "2", "--batch-size", "16", .. options.Split(' ', StringSplitOptions.RemoveEmptyEntries)];

    private (int ExitCode, string Output, string Error) Run(string options)
    {
        var output = new StringWriter();
        var error = new StringWriter();
        return (SepalCommand.Run(Arguments(options), output, error), output.ToString(), error.ToString());
    }

    private double[] Learnt(string options)
    {
        using JsonDocument json = JsonDocument.Parse(Run($"{options} --format json").Output);
        return [.. json.RootElement.GetProperty("networks").EnumerateArray().SelectMany(network => network.GetProperty("epochs").EnumerateArray())
            .SelectMany(epoch => new[] { epoch.GetProperty("loss").GetDouble(), epoch.GetProperty("testLoss").GetDouble() })];
    }

    /// <summary>Bright squares in one of three places: what there is to learn.</summary>
    private void Write(string part, int count)
    {
        const int Side = 12;
        byte[] images = new byte[count * Side * Side];
        byte[] labels = new byte[count];
        for (int image = 0; image < count; image++)
        {
            labels[image] = (byte)(image % 3);
            for (int row = 0; row < 4; row++)
            {
                images.AsSpan((((image * Side) + (4 * labels[image]) + row) * Side) + (image % 5), 4).Fill((byte)(200 + (image % 50)));
            }
        }

        IdxBytes.Write(_directory, part, (Side, Side), images, labels);
    }

    /// <summary>Presses Ctrl-C when it is shown a word.</summary>
    private sealed class InterruptingWriter(string word, CancellationTokenSource interruption) : TextWriter
    {
        public override Encoding Encoding => Encoding.UTF8;

        public override void Write(char value)
        {
        }

        public override void Write(string? value)
        {
            if (value?.Contains(word, StringComparison.Ordinal) is true)
            {
                interruption.Cancel();
            }
        }
    }
}
