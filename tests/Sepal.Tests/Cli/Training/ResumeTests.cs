using Sepal.Cli;
using Sepal.Cli.Framework;
using Xunit;

namespace Sepal.Tests.Cli.Training;

/// <summary><c>sepal train --resume</c>: the same result as if the run had never stopped, or a message why not.</summary>
public sealed class ResumeTests(ResumedTraining training) : IClassFixture<ResumedTraining>
{
    [Theory]
    [InlineData(1, true)]
    [InlineData(2, true)]
    [InlineData(2, false)]
    public void A_run_goes_on_to_the_same_bits(int lost, bool repeated)
    {
        string run = training.Earlier($"resumed-{lost}-{repeated}", lost);
        (int exitCode, string output, string error) = CommandLine.Run($"{(repeated ? training.Command : "train")} --resume --out {run} --threads 1");

        Assert.True(exitCode == ExitCodes.Done, error);
        Assert.Empty(error);
        Assert.Contains("The model is", output, StringComparison.Ordinal);
        training.RequireSame(run);
    }

    [Fact]
    public void A_run_that_has_no_checkpoint_yet_begins()
    {
        string run = training.Earlier("no-checkpoints", int.MaxValue);
        (int exitCode, _, string error) = CommandLine.Run($"train --resume --out {run}");

        Assert.Equal(ExitCodes.Done, exitCode);
        Assert.Contains("There is no checkpoint in", Assert.Single(error.TrimEnd().Split('\n')), StringComparison.Ordinal);
        training.RequireSame(run);
    }

    [Fact]
    public void Nothing_to_resume_is_said()
    {
        string run = training.Full("nothing");
        (int exitCode, _, string error) = CommandLine.Run($"{training.Command} --resume --out {run}");

        Assert.Equal(ExitCodes.Done, exitCode);
        Assert.Equal($"sepal: warning: there is nothing to resume in '{run}': a run begins.\n", error);
        training.RequireSame(run);
    }

    [Fact]
    public void A_damaged_checkpoint_gives_way_to_the_one_before()
    {
        string run = training.Earlier("damaged", 1);
        string state = Path.Combine(ResumedTraining.Checkpoints(run)[0], "state.safetensors");
        byte[] bytes = File.ReadAllBytes(state);
        bytes[^1] ^= 1;
        File.WriteAllBytes(state, bytes);
        (int exitCode, _, string error) = CommandLine.Run($"train --resume --out {run}");

        Assert.Equal(ExitCodes.Done, exitCode);
        string line = Assert.Single(error.TrimEnd().Split('\n'));
        Assert.StartsWith("sepal: warning: The checkpoint '", line, StringComparison.Ordinal);
        Assert.Contains("is damaged: state.safetensors does not have the checksum that it was written with. The one before it is used", line, StringComparison.Ordinal);
        training.RequireSame(run);
    }

    [Fact]
    public void A_finished_run_is_left_and_shown()
    {
        string run = training.Earlier("finished", 0);
        DateTime written = File.GetLastWriteTimeUtc(Path.Combine(run, "model.onnx"));
        (int exitCode, string output, string error) = CommandLine.Run($"train --resume --out {run} --format json");

        Assert.Equal(ExitCodes.Done, exitCode);
        Assert.Equal($"sepal: note: the run in '{run}' is finished: all its epochs were done before.\n", error);
        Assert.Contains("\"bestEpoch\":", output, StringComparison.Ordinal);
        Assert.Equal(written, File.GetLastWriteTimeUtc(Path.Combine(run, "model.onnx")));
        training.RequireSame(run);
    }

    [Fact]
    public async Task An_interrupted_run_says_how_it_goes_on()
    {
        string run = training.Full("interrupted");
        using var interruption = new CancellationTokenSource();
        Task watch = Task.Run(() => CancelAtCheckpoint(run, interruption), TestContext.Current.CancellationToken);
        var error = new StringWriter();
        int exitCode = SepalCommand.Run($"{training.Command} --out {run}".Split(' '), new StringWriter(), error, interruption.Token);
        await watch;

        Assert.Equal(ExitCodes.Interrupted, exitCode);
        Assert.Equal(
            [$"sepal: note: sepal train --resume --out {run} goes on from the last checkpoint.", "sepal: interrupted"],
            error.ToString().TrimEnd().Split(Environment.NewLine));
        Assert.Equal(ExitCodes.Done, CommandLine.Run($"train --resume --out {run}").ExitCode);
        training.RequireSame(run);
    }

    [Fact]
    public void A_full_disk_leaves_the_last_good_checkpoint()
    {
        Assert.SkipUnless(File.Exists("/dev/full"), "Needs a device that is always full.");
        string run = training.Earlier("full", 1);
        string newest = ResumedTraining.Checkpoints(run)[0];
        File.CreateSymbolicLink(Path.Combine(run, $".last.onnx.{Environment.ProcessId}.tmp"), "/dev/full");
        (int exitCode, string output, string error) = CommandLine.Run($"train --resume --out {run}");

        Assert.Equal((ExitCodes.Failed, string.Empty), (exitCode, output));
        string line = Assert.Single(error.TrimEnd().Split('\n'));
        Assert.Contains("No space left on device", line, StringComparison.Ordinal);
        Assert.Contains($"sepal train --resume --out {run} goes on from the last good checkpoint.", line, StringComparison.Ordinal);
        Assert.Contains(newest, ResumedTraining.Checkpoints(run));
        Assert.Equal(ExitCodes.Done, CommandLine.Run($"train --resume --out {run}").ExitCode);
        training.RequireSame(run);
    }

    [Fact]
    public void More_epochs_continue_a_run_with_a_constant_rate()
    {
        string[] runs = [training.Full("constant-3"), training.Full("constant-2-and-1")];
        string command = $"train --data {training.Full("data")} --input 8x8x1 --batch-size 16 --schedule constant";
        Assert.Equal(ExitCodes.Done, CommandLine.Run($"{command} --epochs 3 --out {runs[0]}").ExitCode);
        Assert.Equal(ExitCodes.Done, CommandLine.Run($"{command} --epochs 2 --out {runs[1]}").ExitCode);
        (int exitCode, _, string error) = CommandLine.Run($"train --resume --epochs 3 --out {runs[1]}");

        Assert.Equal((ExitCodes.Done, string.Empty), (exitCode, error));
        Assert.Equal(File.ReadAllBytes(Path.Combine(runs[0], "last.onnx")), File.ReadAllBytes(Path.Combine(runs[1], "last.onnx")));
        Assert.Contains("\"epochs\":3", File.ReadAllText(Path.Combine(runs[1], "settings.json")), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--seed 5", "--seed (was 4, now 5)")]
    [InlineData("--lr 0.01 --augment flip", "--lr (was 0.001, now 0.01), --augment (was crop,rotate,cutout, now flip)")]
    [InlineData("--epochs 5", "--epochs (was 4, now 5)")]
    [InlineData("--mean 0.5 --std 0.5", "the preparation of pictures (was ")]
    public void Other_settings_are_named(string options, string message)
    {
        string run = training.Earlier($"other-{options.GetHashCode(StringComparison.Ordinal)}", 1);
        string before = File.ReadAllText(Path.Combine(run, "settings.json"));
        (int exitCode, string output, string error) = CommandLine.Run($"train --resume --out {run} {options}");

        Assert.Equal((ExitCodes.BadUsage, string.Empty), (exitCode, output));
        Assert.Contains(message, Assert.Single(error.TrimEnd().Split('\n')), StringComparison.Ordinal);
        Assert.Equal(before, File.ReadAllText(Path.Combine(run, "settings.json")));
    }

    [Fact]
    public void What_cannot_go_on_is_said()
    {
        Fails("train --resume", "--resume needs the directory of the run: --out");
        Fails($"train --resume --out {training.Full("data")}", "this one has other files in it");
        Fails($"{training.Command} --out {training.Whole}", "give --resume to go on with it, or another directory");
        string run = training.Earlier("without-model", 1);
        File.Delete(Path.Combine(run, "model.onnx"));
        Fails($"train --resume --out {run}", "the best so far, is missing. Bring it back");
        File.WriteAllText(Path.Combine(run, "settings.json"), "{");
        Fails($"train --resume --out {run}", "settings.json' of the run to be resumed cannot be understood");
    }

    private static void CancelAtCheckpoint(string run, CancellationTokenSource interruption)
    {
        string checkpoints = Path.Combine(run, "checkpoints");
        while (!Directory.Exists(checkpoints) || Directory.GetDirectories(checkpoints, "step-?????????").Length == 0)
        {
            Thread.Sleep(1);
        }

        interruption.Cancel();
    }

    private static void Fails(string arguments, string message)
    {
        (int exitCode, _, string error) = CommandLine.Run(arguments);

        Assert.Contains(message, Assert.Single(error.TrimEnd().Split('\n')), StringComparison.Ordinal);
        Assert.Equal(ExitCodes.BadUsage, exitCode);
    }
}
