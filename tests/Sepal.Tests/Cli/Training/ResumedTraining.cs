using System.Text.RegularExpressions;
using Sepal.Tests.Data;
using Xunit;

namespace Sepal.Tests.Cli.Training;

/// <summary>Pictures, and one run of <c>sepal train</c> on them that nothing happened to.</summary>
public sealed partial class ResumedTraining : IDisposable
{
    public const int Epochs = 4;

    private readonly PictureFolder _folder = new();

    public ResumedTraining()
    {
        _folder.WriteClasses("data", 3, 24);
        Whole = Full("whole");
        (int exitCode, _, string error) = CommandLine.Run($"{Command} --out {Whole}");
        Assert.True(exitCode == 0, error);
    }

    /// <summary>The run's directory.</summary>
    public string Whole { get; }

    /// <summary>What is random, remembered or averaged in a run, is in this one.</summary>
    public string Command =>
        $"train --data {Full("data")} --input 8x8x1 --epochs {Epochs} --batch-size 8 --augment crop,rotate,cutout --dropout 0.2 --average 0.9"
        + " --early-stopping 50 --clip-norm 1 --label-smoothing 0.05 --class-weights balanced --tensorboard --seed 4 --checkpoint-every 3";

    public string Full(string path) => _folder.Full(path);

    /// <summary>A copy of the run's directory as it was before the end.</summary>
    /// <param name="name">What the copy is called.</param>
    /// <param name="checkpoints">How many of the newest checkpoints are not there yet.</param>
    public string Earlier(string name, int checkpoints)
    {
        string copy = Full(name);
        foreach (string path in Directory.GetFiles(Whole, "*", SearchOption.AllDirectories))
        {
            string target = Path.Combine(copy, Path.GetRelativePath(Whole, path));
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.Copy(path, target);
        }

        foreach (string checkpoint in Checkpoints(copy).Take(checkpoints))
        {
            Directory.Delete(checkpoint, recursive: true);
        }

        File.Delete(Path.Combine(copy, "report.html"));
        return copy;
    }

    /// <summary>The newest first.</summary>
    public static string[] Checkpoints(string run) =>
        [.. Directory.GetDirectories(Path.Combine(run, "checkpoints")).OrderDescending(StringComparer.Ordinal)];

    /// <summary>Compares all but times.</summary>
    public void RequireSame(string run)
    {
        Assert.Equal(File.ReadAllBytes(Path.Combine(Whole, "last.onnx")), File.ReadAllBytes(Path.Combine(run, "last.onnx")));
        Assert.Equal(File.ReadAllBytes(Path.Combine(Whole, "model.onnx")), File.ReadAllBytes(Path.Combine(run, "model.onnx")));
        Assert.Equal(History(Whole), History(run));
        Assert.Equal(Report(Whole), Report(run));
        Assert.Equal([0, .. Enumerable.Range(1, Epochs)], EventFileReader.Steps(Path.Combine(run, "tensorboard", "train")));
        Assert.Equal([0, .. Enumerable.Range(1, Epochs)], EventFileReader.Steps(Path.Combine(run, "tensorboard", "validation")));
        Assert.Equal(
            Checkpoints(Whole).Select(Path.GetFileName),
            Checkpoints(run).Select(Path.GetFileName));
    }

    public void Dispose() => _folder.Dispose();

    private static string[] History(string run) =>
        [.. File.ReadAllLines(Path.Combine(run, "history.csv")).Select(line => line[..line.LastIndexOf(',')])];

    private static string Report(string run) =>
        Seconds().Replace(File.ReadAllText(Path.Combine(run, "report.html")), string.Empty).Replace(run, string.Empty, StringComparison.Ordinal);

    [GeneratedRegex(@"\b\d+\.\d( s)?\b")]
    private static partial Regex Seconds();
}
