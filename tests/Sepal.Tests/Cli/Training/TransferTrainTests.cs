using System.Globalization;
using Sepal.Cli.Framework;
using Sepal.Onnx;
using Sepal.Operators;
using Sepal.Tests.Data;
using Xunit;

namespace Sepal.Tests.Cli.Training;

/// <summary><c>sepal train --freeze</c>: a trained file's layers with a new classifier on pictures of other classes.</summary>
public sealed class TransferTrainTests : IClassFixture<TransferTrainTests.Backbone>
{
    private readonly Backbone _backbone;
    private readonly string _command;

    public TransferTrainTests(Backbone backbone)
    {
        _backbone = backbone;
        _command = $"train --data {backbone.Full("two")} --model {backbone.File} --batch-size 8 --epochs 3";
    }

    [Fact]
    public void All_but_the_head_stays_and_the_head_learns()
    {
        string run = _backbone.Full("frozen");
        (int exitCode, _, string error) = CommandLine.Run($"{_command} --freeze all-but-head --out {run}");

        Assert.Equal(ExitCodes.Done, exitCode);
        Assert.Equal("sepal: note: all but the classifier is frozen; what the frozen layers make of a picture is computed once and kept.\n", error);
        Dictionary<string, float[]> before = Numbers(_backbone.File);
        using Model model = OnnxModel.Import(Path.Combine(run, "last.onnx"));
        Dictionary<string, float[]> after = Numbers(model);
        Assert.Contains(after.Keys, name => name.EndsWith("new_kernel", StringComparison.Ordinal));

        // Batch normalisation's statistics are among them.
        string[] kept = [.. after.Keys.Where(before.ContainsKey)];
        Assert.Equal(after.Count - 2, kept.Length);
        Assert.Contains(kept, name => name.Contains("variance", StringComparison.Ordinal));
        Assert.All(kept, name => Assert.Equal(before[name], after[name]));

        // Whoever trains the file on trains all of it.
        Assert.True(model.Graph.Parameters.Count(parameter => parameter.Trainable) > 10);
        Assert.DoesNotContain(model.Graph.Nodes, node => node.Operator is BatchNormalization { Frozen: true });
    }

    [Fact]
    public void The_head_learns_in_both_phases_and_the_rest_in_the_second()
    {
        string run = _backbone.Full("finetuned");
        (int exitCode, string output, string error) = CommandLine.Run(
            $"{_command} --freeze all-but-head --finetune-epochs 2 --tensorboard --out {run} --format json");

        Assert.True(exitCode == ExitCodes.Done, error);
        Assert.Contains("\"finetuneLearningRate\":0.0001", output, StringComparison.Ordinal);
        string[] rows = File.ReadAllLines(Path.Combine(run, "history.csv"));
        Assert.Equal(["1", "2", "3", "4", "5"], rows.Skip(1).Select(row => row.Split(',')[0]));
        double[] rates = [.. rows.Skip(1).Select(row => double.Parse(row.Split(',')[5], CultureInfo.InvariantCulture))];
        Assert.InRange(rates[0], 5e-4, 1e-3);
        Assert.InRange(rates[3], 1e-5, 1e-4);
        Assert.Equal([0, 1, 2, 3, 4, 5], EventFileReader.Steps(Path.Combine(run, "tensorboard", "train")));
        Dictionary<string, float[]> before = Numbers(_backbone.File);
        Dictionary<string, float[]> after = Numbers(Path.Combine(run, "last.onnx"));
        Assert.All(after.Keys.Where(before.ContainsKey), name => Assert.NotEqual(before[name], after[name]));

        foreach (string lost in (string[])["finetune/*", "finetune", "finetune:*"])
        {
            RequireResumes(run, lost);
        }
    }

    [Fact]
    public void Fine_tuning_is_added_to_a_run_that_is_done()
    {
        string[] runs = [_backbone.Full("at-once"), _backbone.Full("added")];
        Assert.Equal(ExitCodes.Done, CommandLine.Run($"{_command} --freeze 4 --finetune-epochs 1 --out {runs[0]}").ExitCode);
        Assert.Equal(ExitCodes.Done, CommandLine.Run($"{_command} --freeze 4 --out {runs[1]}").ExitCode);
        Assert.Equal(ExitCodes.Done, CommandLine.Run($"train --resume --finetune-epochs 1 --out {runs[1]}").ExitCode);

        Assert.Equal(File.ReadAllBytes(Path.Combine(runs[0], "last.onnx")), File.ReadAllBytes(Path.Combine(runs[1], "last.onnx")));
        Assert.Equal(File.ReadAllBytes(Path.Combine(runs[0], "model.onnx")), File.ReadAllBytes(Path.Combine(runs[1], "model.onnx")));
    }

    [Fact]
    public void The_first_layers_stay()
    {
        string run = _backbone.Full("first-layers");
        (int exitCode, _, string error) = CommandLine.Run($"{_command} --freeze 3 --augment crop --out {run}");

        Assert.Equal(ExitCodes.Done, exitCode);
        Assert.Equal(
            "sepal: note: the first 3 layers are frozen; what the frozen layers make of a picture is computed in every epoch, since --augment changes it.\n",
            error);
        using Model model = OnnxModel.Import(Path.Combine(run, "last.onnx"));
        Dictionary<string, float[]> before = Numbers(_backbone.File);
        Dictionary<string, float[]> after = Numbers(model);
        string[] kernels = [.. model.Graph.Nodes.Where(node => node.Operator is Convolution).Select(node => node.Inputs[1].Name)];
        Assert.Equal(
            [true, true, true, false, false],
            model.Graph.Nodes.Where(node => node.Operator is BatchNormalization).Take(5).Select(node => before[node.Inputs[4].Name].SequenceEqual(after[node.Inputs[4].Name])));
        Assert.Equal([true, true, true, false, false], kernels.Take(5).Select(name => before[name].SequenceEqual(after[name])));
    }

    [Fact]
    public void A_new_head_is_had_for_the_asking()
    {
        string run = _backbone.Full("new-head");
        string command = $"train --data {_backbone.Full("three")} --model {_backbone.File} --epochs 1 --freeze all-but-head";
        Assert.Equal(ExitCodes.Done, CommandLine.Run($"{command} --new-head --out {run}").ExitCode);
        Assert.Equal(ExitCodes.Done, CommandLine.Run($"{command} --out {run}-not").ExitCode);

        Assert.Contains(Numbers(Path.Combine(run, "last.onnx")).Keys, name => name.EndsWith("new_kernel", StringComparison.Ordinal));
        Assert.Equal(Numbers(_backbone.File).Keys, Numbers(Path.Combine(run + "-not", "last.onnx")).Keys);
    }

    [Theory]
    [InlineData("--model mobilenet-small --freeze all-but-head", "--freeze: received 'all-but-head'; expected an ONNX file for --model")]
    [InlineData("--model mobilenet-small --new-head", "--new-head: received 'true'; expected an ONNX file for --model")]
    [InlineData("--model {m} --freeze head", "--freeze: received 'head'; expected all-but-head, none, or how many of the first layers")]
    [InlineData("--model {m} --freeze 0", "--freeze: received '0'; expected all-but-head, none, or how many of the first layers")]
    [InlineData("--model {m} --freeze 1000", "To freeze 1000 of them leaves nothing to train: give fewer than ")]
    [InlineData("--model {m} --finetune-epochs 2", "--finetune-epochs: received '2'; expected --freeze too")]
    [InlineData("--model {m} --freeze 2 --finetune-lr 0.1", "--finetune-lr: received '0.1'; expected --finetune-epochs too.")]
    public void Mistakes_are_one_line(string options, string message)
    {
        string run = _backbone.Full($"mistaken-{options.GetHashCode(StringComparison.Ordinal)}");
        (int exitCode, string output, string error) = CommandLine.Run(
            $"train --data {_backbone.Full("two")} --out {run} {options.Replace("{m}", _backbone.File, StringComparison.Ordinal)}");

        Assert.Contains(message, Assert.Single(error.TrimEnd().Split('\n')), StringComparison.Ordinal);
        Assert.Equal((ExitCodes.BadUsage, string.Empty), (exitCode, output));
        Assert.False(Directory.Exists(run));
    }

    /// <summary>Resumes a run as it was before its last epoch, before fine-tuning, and in the midst of the frozen epochs.</summary>
    private void RequireResumes(string run, string lost)
    {
        string earlier = _backbone.Full($"earlier-{lost.Replace('/', '-')}");
        foreach (string path in Directory.GetFiles(run, "*", SearchOption.AllDirectories))
        {
            string target = Path.Combine(earlier, Path.GetRelativePath(run, path));
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.Copy(path, target);
        }

        string checkpoints = Path.Combine(earlier, "checkpoints");
        string finetune = Path.Combine(checkpoints, "finetune");
        Directory.Delete(lost == "finetune/*" ? Newest(finetune) : finetune, recursive: true);
        if (lost == "finetune:*")
        {
            Directory.Delete(Newest(checkpoints), recursive: true);
        }

        (int exitCode, _, string error) = CommandLine.Run($"train --resume --out {earlier}");
        Assert.True(exitCode == ExitCodes.Done, error);
        Assert.Single(error.TrimEnd().Split('\n'));
        foreach (string file in (string[])["model.onnx", "last.onnx"])
        {
            Assert.Equal(File.ReadAllBytes(Path.Combine(run, file)), File.ReadAllBytes(Path.Combine(earlier, file)));
        }

        Assert.Equal(File.ReadAllLines(Path.Combine(run, "history.csv")).Select(WithoutSeconds), File.ReadAllLines(Path.Combine(earlier, "history.csv")).Select(WithoutSeconds));
        Assert.Equal([0, 1, 2, 3, 4, 5], EventFileReader.Steps(Path.Combine(earlier, "tensorboard", "train")));

        static string Newest(string directory) => Directory.GetDirectories(directory, "step-*").Order(StringComparer.Ordinal).Last();
        static string WithoutSeconds(string line) => line[..line.LastIndexOf(',')];
    }

    private static Dictionary<string, float[]> Numbers(string path)
    {
        using Model model = OnnxModel.Import(path);
        return Numbers(model);
    }

    private static Dictionary<string, float[]> Numbers(Model model) =>
        model.Graph.Parameters.ToDictionary(parameter => parameter.Name, parameter => model.GetParameter(parameter).ToArray());

    public sealed class Backbone : IDisposable
    {
        private readonly PictureFolder _folder = new();

        public Backbone()
        {
            _folder.WriteClasses("three", 3, 24);
            _folder.WriteClasses("two", 2, 20);
            (int exitCode, _, string error) = CommandLine.Run($"train --data {Full("three")} --input 8x8x1 --epochs 2 --batch-size 16 --out {Full("backbone")}");
            Assert.True(exitCode == ExitCodes.Done, error);
        }

        public string File => Full("backbone/model.onnx");

        public string Full(string path) => _folder.Full(path);

        public void Dispose() => _folder.Dispose();
    }
}
