using System.Diagnostics;
using System.Text.Json;
using Xunit;

namespace Sepal.Tests.Training.Checkpoints;

/// <summary>
/// A process that trains is killed (SIGKILL) at random moments, again and again, and resumed each time; what it ends in is
/// compared, bit for bit, with a run that nothing happened to.
/// </summary>
public sealed class KillTests
{
    private const int Kills = 5;

    [Fact]
    public async Task A_run_that_is_killed_at_random_moments_ends_in_the_same_bits()
    {
        using var directory = new TemporaryDirectory();
        int seed = Environment.TickCount;
        var random = new Random(seed);
        int killed = 0;
        for (int start = 0; !File.Exists(directory.File(KilledRun.OutcomeFile)); start++)
        {
            Assert.True(start <= Kills, "The run ended neither killed nor with an outcome.");
            using Process process = Start(directory.Path);
            if (start < Kills)
            {
                // Starting takes longer than training: the moment is counted from a step that was made.
                await StepOf(process, directory.File(KilledRun.StepsFile));
                await Task.Delay(random.Next(120), TestContext.Current.CancellationToken);
                process.Kill();
            }

            Task<string> errors = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
            string output = await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
            await process.WaitForExitAsync(TestContext.Current.CancellationToken);
            killed += process.ExitCode == 128 + 9 ? 1 : 0;
            Assert.True(start < Kills || process.ExitCode == 0, output + await errors);
        }

        Assert.True(killed > 0, $"No process was killed before it was done (seed {seed}).");
        Outcome actual = JsonSerializer.Deserialize<Outcome>(
            await File.ReadAllTextAsync(directory.File(KilledRun.OutcomeFile), TestContext.Current.CancellationToken))!;
        TestContext.Current.SendDiagnosticMessage($"seed {seed}, {killed} kills");
        Outcome.RequireSame(KilledRun.Plan(checkpoints: null, afterStep: () => { }).Run(), actual);
    }

    private static Process Start(string directory)
    {
        ProcessStartInfo start = new("dotnet")
        {
            ArgumentList = { typeof(KilledRun).Assembly.Location, "-class", typeof(KilledRun).FullName! },
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment[KilledRun.Variable] = directory;
        return Process.Start(start)!;
    }

    private static async Task StepOf(Process process, string steps)
    {
        long before = Length();
        while (Length() == before && !process.HasExited)
        {
            await Task.Delay(2, TestContext.Current.CancellationToken);
        }

        long Length() => File.Exists(steps) ? new FileInfo(steps).Length : 0;
    }
}
