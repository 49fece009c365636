using System.Diagnostics;
using Sepal.Cli;
using Xunit;

namespace Sepal.Tests.Cli.Training;

/// <summary>
/// The program itself is killed (SIGKILL) at random moments of its training and resumed, again and again; what it ends in is
/// compared, bit for bit, with a run that nothing happened to.
/// </summary>
public sealed class KilledTrainTests(ResumedTraining training) : IClassFixture<ResumedTraining>
{
    private const int Kills = 4;

    [Fact]
    public async Task A_run_that_is_killed_at_random_moments_ends_in_the_same_files()
    {
        string run = training.Full("killed");
        int seed = Environment.TickCount;
        var random = new Random(seed);
        int killed = 0;
        for (int start = 0; !File.Exists(Path.Combine(run, "report.html")); start++)
        {
            Assert.True(start <= Kills, "The run ended neither killed nor with a report.");
            using Process process = Start(start == 0 ? $"{training.Command} --out {run}" : $"train --resume --out {run}");
            Task<string> errors = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
            Task<string> output = process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
            if (start < Kills)
            {
                // Starting takes longer than training: the moment is counted from the first thing that this process writes.
                await Change(process, run);
                await Task.Delay(random.Next(150), TestContext.Current.CancellationToken);
                process.Kill();
            }

            await process.WaitForExitAsync(TestContext.Current.CancellationToken);
            killed += process.ExitCode == 128 + 9 ? 1 : 0;
            Assert.True(process.ExitCode is 0 or 128 + 9, await output + await errors);
        }

        Assert.True(killed > 0, $"No process was killed before it was done (seed {seed}).");
        TestContext.Current.SendDiagnosticMessage($"seed {seed}, {killed} kills");
        training.RequireSame(run);
    }

    private static Process Start(string arguments)
    {
        ProcessStartInfo start = new("dotnet")
        {
            ArgumentList = { typeof(SepalCommand).Assembly.Location },
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (string argument in arguments.Split(' '))
        {
            start.ArgumentList.Add(argument);
        }

        return Process.Start(start)!;
    }

    private static async Task Change(Process process, string run)
    {
        string checkpoints = Path.Combine(run, "checkpoints");
        string before = State();
        while (State() == before && !process.HasExited)
        {
            await Task.Delay(2, TestContext.Current.CancellationToken);
        }

        string State() => Directory.Exists(checkpoints) ? string.Join('/', Directory.GetDirectories(checkpoints).Order(StringComparer.Ordinal)) : string.Empty;
    }
}
