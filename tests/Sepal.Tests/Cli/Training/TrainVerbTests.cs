using System.Text.Json;
using System.Xml.Linq;
using Sepal.Cli.Framework;
using Sepal.Inference;
using Sepal.Onnx;
using Sepal.Tests.Data;
using Xunit;

namespace Sepal.Tests.Cli.Training;

/// <summary><c>sepal train</c> on a folder of three classes of small pictures, one of them damaged.</summary>
public sealed class TrainVerbTests(TrainVerbTests.TrainedFolder trained) : IClassFixture<TrainVerbTests.TrainedFolder>
{
    [Fact]
    public void Pictures_are_learnt_and_the_damaged_one_is_named()
    {
        Assert.Equal(ExitCodes.Done, trained.ExitCode);
        Assert.StartsWith($"sepal: warning: {trained.Damaged} is skipped: it begins with 6E6F2070", trained.Error, StringComparison.Ordinal);
        Assert.Single(trained.Error.TrimEnd().Split('\n'));
        JsonElement report = trained.Report;
        Assert.Equal(["a", "b", "c"], report.GetProperty("classNames").EnumerateArray().Select(name => name.GetString()));
        Assert.Equal(TrainedFolder.Epochs, report.GetProperty("epochs").GetArrayLength());
        Assert.Equal(3, report.GetProperty("validation").GetProperty("images").GetInt32() / 4);
        Assert.InRange(report.GetProperty("validation").GetProperty("accuracy").GetDouble(), 0.9, 1);
        Assert.Equal(JsonValueKind.Null, report.GetProperty("test").ValueKind);
        Assert.Equal(trained.Damaged, report.GetProperty("skipped")[0].GetProperty("path").GetString());
    }

    [Fact]
    public void The_best_epoch_is_the_models()
    {
        JsonElement[] epochs = [.. trained.Report.GetProperty("epochs").EnumerateArray()];
        int best = trained.Report.GetProperty("bestEpoch").GetInt32();
        double accuracy = epochs[best - 1].GetProperty("validationAccuracy").GetDouble();

        Assert.Equal(epochs.Max(epoch => epoch.GetProperty("validationAccuracy").GetDouble()), accuracy);
        Assert.Equal(accuracy, trained.Report.GetProperty("validation").GetProperty("accuracy").GetDouble());
        Assert.Equal(
            epochs[best - 1].GetProperty("validationLoss").GetDouble(),
            trained.Report.GetProperty("validation").GetProperty("loss").GetDouble(),
            1e-4);
    }

    [Fact]
    public void The_file_says_how_pictures_are_prepared()
    {
        using var session = new InferenceSession(trained.Out("model.onnx"));

        Assert.Equal((new Size2D(8, 8), ImageChannels.Rgb), (session.Metadata.Preprocessing!.Size, session.Metadata.Preprocessing.Channels));
        Assert.Equal(["a", "b", "c"], session.Metadata.ClassNames);
        (int exitCode, string output, _) = CommandLine.Run($"predict {trained.Out("model.onnx")} {trained.Full("b/003.png")} --top 1 --format csv");
        Assert.Equal(ExitCodes.Done, exitCode);
        Assert.Contains(",b,1,", output, StringComparison.Ordinal);
    }

    [Fact]
    public void Evaluation_skips_and_counts_alike()
    {
        (int exitCode, string output, string error) = CommandLine.Run($"evaluate {trained.Out("model.onnx")} --data {trained.Root} --format json");

        Assert.Equal(ExitCodes.Done, exitCode);
        Assert.Contains($"{trained.Damaged} is skipped", error, StringComparison.Ordinal);
        using JsonDocument json = JsonDocument.Parse(output);
        Assert.Equal((119, 1), (json.RootElement.GetProperty("images").GetInt32(), json.RootElement.GetProperty("skipped").GetInt32()));
        int[][] confusion = [.. json.RootElement.GetProperty("confusion").EnumerateArray().Select(row => row.EnumerateArray().Select(count => count.GetInt32()).ToArray())];
        Assert.Equal([39, 40, 40], confusion.Select(row => row.Sum()));
        Assert.Equal(json.RootElement.GetProperty("accuracy").GetDouble(), (confusion[0][0] + confusion[1][1] + confusion[2][2]) / 119.0, 1e-12);
        JsonElement first = json.RootElement.GetProperty("classes")[0];
        Assert.Equal(confusion[0][0] / 39.0, first.GetProperty("recall").GetDouble(), 1e-12);
        Assert.Equal(confusion[0][0] / (double)confusion.Sum(row => row[0]), first.GetProperty("precision").GetDouble(), 1e-12);
    }

    [Fact]
    public void The_page_is_whole()
    {
        XElement page = XDocument.Parse(File.ReadAllText(trained.Out("report.html"))).Root!;
        string text = page.Value;

        Assert.Contains("What is taken for what", text, StringComparison.Ordinal);
        Assert.Contains("Class by class", text, StringComparison.Ordinal);
        Assert.Contains(trained.Damaged, text, StringComparison.Ordinal);
        Assert.Equal(2, page.Descendants("svg").Count(svg => svg.Attribute("class")?.Value == "chart"));
        string[] lines = File.ReadAllLines(trained.Out("history.csv"));
        Assert.Equal("epoch,loss,accuracy,val_loss,val_accuracy,learning_rate,seconds", lines[0]);
        Assert.Equal(TrainedFolder.Epochs + 1, lines.Length);
        Assert.True(File.Exists(trained.Out("last.onnx")));
        Assert.Single(Directory.GetFiles(trained.Out("tensorboard/train"), "events.out.tfevents.*"));
        Assert.DoesNotContain(Directory.GetFiles(trained.Out(string.Empty)), path => path.EndsWith(".tmp", StringComparison.Ordinal));
    }

    [Fact]
    public void Threads_make_no_difference()
    {
        byte[][] models = [.. new[] { 1, 3 }.Select(threads =>
        {
            string directory = trained.Full($".threads-{threads}");
            (int exitCode, _, string error) = CommandLine.Run(
                $"train --data {trained.Root} --input 8x8x1 --epochs 2 --batch-size 16 --augment crop,rotate,zoom,color,cutout,flip --threads {threads} --out {directory}");
            Assert.True(exitCode == ExitCodes.Done, error);
            return File.ReadAllBytes(Path.Combine(directory, "last.onnx"));
        })];

        Assert.Equal(models[0], models[1]);
    }

    [Fact]
    public void A_files_classifier_is_replaced_for_other_classes()
    {
        using var other = new PictureFolder();
        other.WriteClasses("train", 2, 20);
        other.WriteClasses("val", 2, 4);
        other.WriteClasses("test", 2, 6);
        (int exitCode, string output, string error) = CommandLine.Run(
            $"train --data {other.Root} --model {trained.Out("model.onnx")} --epochs 3 --out {other.Full("run")} --format json");

        Assert.True(exitCode == ExitCodes.Done, error);
        using JsonDocument json = JsonDocument.Parse(output);
        Assert.Equal(
            (8, 12, 40),
            (json.RootElement.GetProperty("validation").GetProperty("images").GetInt32(),
                json.RootElement.GetProperty("test").GetProperty("images").GetInt32(),
                json.RootElement.GetProperty("trainImages").GetInt32()));
        using var session = new InferenceSession(other.Full("run/model.onnx"));
        Assert.Equal(["a", "b"], session.Metadata.ClassNames);
    }

    [Theory]
    [InlineData("--optimizer sgd --weight-decay 0.0005 --schedule step --warmup 0.5 --dropout 0.2")]
    [InlineData("--optimizer rmsprop --schedule constant --label-smoothing 0.1 --clip-norm 1 --class-weights balanced")]
    [InlineData("--weight-decay 0.01 --average 0.9 --early-stopping 1 --validation-split 0.25 --limit 60")]
    public void Other_ways_to_train_learn_too(string options)
    {
        string directory = trained.Full($".other-{options.GetHashCode(StringComparison.Ordinal)}");
        (int exitCode, string output, string error) = CommandLine.Run(
            $"train --data {trained.Root} --input 8x8x1 --epochs 8 --batch-size 16 {options} --out {directory} --format json");

        Assert.True(exitCode == ExitCodes.Done, error);
        using JsonDocument json = JsonDocument.Parse(output);
        Assert.InRange(json.RootElement.GetProperty("validation").GetProperty("accuracy").GetDouble(), 0.5, 1);
        JsonElement[] epochs = [.. json.RootElement.GetProperty("epochs").EnumerateArray()];
        Assert.True(epochs[^1].GetProperty("loss").GetDouble() < epochs[0].GetProperty("loss").GetDouble());
    }

    [Fact]
    public void What_stands_in_a_directory_is_left_alone()
    {
        Fails($"train --data {trained.Root} --out {trained.Out(string.Empty)}", "this one has one, which is not overwritten");
        Fails($"train --data {trained.Root} --out {trained.Full("a")}", "this one has other files in it, which are not overwritten");
        Assert.False(File.Exists(trained.Full("a/settings.json")));
    }

    [Theory]
    [InlineData("train", "missing --data <DIRECTORY>.")]
    [InlineData("train --data {d}/none", "/none: there is no such directory.")]
    [InlineData("train --data {d} --model mobilenet-smal", "expected an ONNX file, or an architecture: mobilenet-v1")]
    [InlineData("train --data {d} --augment flip,shear", "--augment: received 'flip,shear'; expected some of flip, crop, rotate, zoom, color, cutout")]
    [InlineData("train --data {d} --augment crop:2", "The crop's padding is 2. Give a number from 0 to 0.5.")]
    [InlineData("train --data {d} --optimizer adagrad", "--optimizer: received 'adagrad'; expected adam, adamw, sgd or rmsprop.")]
    [InlineData("train --data {d} --optimizer adam --weight-decay 0.1", "no decay with adam: the optimizer that has it is adamw")]
    [InlineData("train --data {d} --label-smoothing 1", "--label-smoothing: received '1'; expected a number from 0 to below 1.")]
    [InlineData("train --data {d} --clip-norm -1", "--clip-norm: received '-1'; expected a number above 0")]
    [InlineData("train --data {d} --class-weights some", "--class-weights: received 'some'; expected none or balanced.")]
    [InlineData("train --data {d} --lr 0", "--lr: received '0'; expected a number above 0")]
    [InlineData("train --data {d} --validation-split 1", "--validation-split: received '1'; expected a number from 0 to below 1.")]
    [InlineData("train --data {d} --input 8x8x2", "--input: received '8x8x2'; expected one channel (grey) or three")]
    [InlineData("train --data {d} --input 8x8x3 --channels grey", "--channels: received 'grey'; expected rgb or bgr for an input of 3 channels.")]
    [InlineData("train --data {d} --model {m} --input 9x9x3", "--input: received '9x9x3'; expected the size that the file's input has")]
    [InlineData("train --data {d} --model {m} --dropout 0.5", "expected no such option for a file")]
    [InlineData("train --data {d} --epochs 2 --warmup 3", "--warmup: received '3'; expected fewer epochs than there are in all (2).")]
    public void Mistakes_are_one_line(string arguments, string message) => Fails(
        arguments.Replace("{d}", trained.Root, StringComparison.Ordinal).Replace("{m}", trained.Out("model.onnx"), StringComparison.Ordinal), message);

    private static void Fails(string arguments, string message)
    {
        (int exitCode, string output, string error) = CommandLine.Run(arguments);

        string line = Assert.Single(error.TrimEnd().Split('\n'), text => !text.StartsWith("sepal: warning:", StringComparison.Ordinal));
        Assert.Contains(message, line, StringComparison.Ordinal);
        Assert.Equal((ExitCodes.BadUsage, string.Empty), (exitCode, output));
    }

    public sealed class TrainedFolder : IDisposable
    {
        public const int Epochs = 25;

        private readonly PictureFolder _folder = new();

        public TrainedFolder()
        {
            _folder.WriteClasses(".", 3, 40);
            Damaged = _folder.Full("a/007.png");
            _folder.Write("a/007.png", "no picture"u8);
            (ExitCode, string output, Error) = CommandLine.Run(
                $"train --data {Root} --input 8x8x3 --epochs {Epochs} --batch-size 16 --augment crop:0.1,color --tensorboard --out {Out(string.Empty)} --format json");
            Assert.True(ExitCode == ExitCodes.Done, Error);
            Report = JsonDocument.Parse(output).RootElement;
        }

        public string Damaged { get; }

        public int ExitCode { get; }

        public string Error { get; }

        public JsonElement Report { get; }

        public string Root => _folder.Root;

        public string Full(string path) => _folder.Full(path);

        /// <summary>A hidden directory, which is no class.</summary>
        public string Out(string name) => _folder.Full(Path.Combine(".run", name));

        public void Dispose() => _folder.Dispose();
    }
}
