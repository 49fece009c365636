using System.Collections.Immutable;
using System.Diagnostics;
using System.Globalization;
using System.Reflection;
using System.Text.Json;
using Sepal.Costs;
using Sepal.Execution;
using static System.FormattableString;

namespace Sepal.TrainingSpeed;

/// <summary>This program started again for one row: one network on one number of threads.</summary>
internal static class RowProcess
{
    public const string Marker = "--row";

    private const double WarmUpSeconds = 1;
    private const int WarmUpSteps = 3;
    private const double BlockSeconds = 0.5;
    private const int LeastBlocks = 3;
    private const int LeastBlockSteps = 3;
    private const int MostBlockSteps = 200;

    /// <summary>Starts a process and waits for its row.</summary>
    /// <param name="network">The network.</param>
    /// <param name="threads">Threads that compute.</param>
    /// <param name="seconds">How long Sepal's steps are measured.</param>
    /// <param name="slowest">How many steps of the plan are listed.</param>
    /// <param name="withTorch">Whether PyTorch's steps are measured where it is installed.</param>
    public static TrainingRow Measure(TrainingNetwork network, int threads, int seconds, int slowest, bool withTorch)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath!) { RedirectStandardOutput = true };
        if (Path.GetFileNameWithoutExtension(start.FileName) == "dotnet")
        {
            start.ArgumentList.Add(Assembly.GetExecutingAssembly().Location);
        }

        foreach (string argument in (string[])[Marker, network.Name, Invariant($"{threads}"), Invariant($"{seconds}"), Invariant($"{slowest}"), withTorch ? "1" : "0"])
        {
            start.ArgumentList.Add(argument);
        }

        using Process process = Process.Start(start)!;
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0
            ? JsonSerializer.Deserialize(output, TrainingJson.Default.TrainingRow)!
            : throw new SepalException($"The process that trains {network.Name} ended with the code {process.ExitCode}.");
    }

    /// <summary>The work of such a process: prints its row as JSON.</summary>
    public static void Serve(string[] arguments)
    {
        int[] numbers = [.. arguments.Skip(1).Select(text => int.Parse(text, CultureInfo.InvariantCulture))];
        TrainingRow row = Measured(TrainingNetwork.Find(arguments[0]), numbers[0], numbers[1], numbers[2], numbers[3] != 0);
        Console.WriteLine(JsonSerializer.Serialize(row, TrainingJson.Default.TrainingRow));
    }

    private static TrainingRow Measured(TrainingNetwork network, int threads, int seconds, int slowest, bool withTorch)
    {
        using var sepal = new SepalSteps(network, threads);
        double step = WarmUp(sepal.Run);
        int blockSteps = 1 + Math.Clamp((int)(BlockSeconds * 1000 / step), LeastBlockSteps - 1, MostBlockSteps - 1);
        using TorchSteps? torch = withTorch ? TorchSteps.TryStart(network, threads) : null;
        int torchSteps = torch is null ? 0 : 1 + Math.Clamp((int)(BlockSeconds * 1000 / WarmUp(torch.Run)), 1, MostBlockSteps - 1);

        List<double> ours = [];
        List<double> theirs = [];
        List<double> ratios = [];
        List<double> corePeaks = [];
        List<double> peaks = [];
        for (double measured = 0; measured < seconds * 1000 || corePeaks.Count < LeastBlocks;)
        {
            corePeaks.Add(MachinePeak.Measure());
            peaks.Add(threads == 1 ? corePeaks[^1] : MachinePeak.Measure(threads));
            IReadOnlyList<double> block = sepal.Run(blockSteps);
            ours.AddRange(block);
            measured += block.Sum();
            if (torch is not null)
            {
                IReadOnlyList<double> torchBlock = torch.Run(torchSteps);
                theirs.AddRange(torchBlock);
                ratios.Add(Median(torchBlock) / Median(block));
            }
        }

        double milliseconds = Median(ours);
        double corePeak = Median(corePeaks);
        double peak = Median(peaks);
        long macs = ModelCost.Of(sepal.Model.Graph, network.Batch).TrainingMultiplyAccumulates;
        double gflops = 2e-6 * macs / milliseconds;
        using var self = Process.GetCurrentProcess();
        long peakMemory = self.PeakWorkingSet64;
        ImmutableArray<PlanStepTime> steps = slowest > 0 ? StepProfile.Measure(sepal.Model, network.Batch, threads, slowest) : [];
        return new TrainingRow(
            network.Name,
            network.Batch,
            threads,
            milliseconds,
            1000 * network.Batch / milliseconds,
            gflops,
            gflops / peak,
            peak,
            corePeak,
            macs,
            ours.Count,
            network.SpeedUp(threads, milliseconds, corePeak),
            peakMemory,
            torch?.Version,
            theirs.Count > 0 ? Median(theirs) : null,
            ratios.Count > 0 ? Median(ratios) : null,
            steps);
    }

    /// <summary>Runs until the code is compiled as it stays, and returns the milliseconds of a step.</summary>
    private static double WarmUp(Func<int, IReadOnlyList<double>> run)
    {
        long start = Stopwatch.GetTimestamp();
        IReadOnlyList<double> times = run(WarmUpSteps);
        while (Stopwatch.GetElapsedTime(start).TotalSeconds < WarmUpSeconds)
        {
            times = run(1 + Math.Clamp((int)(100 / times.Min()), 1, MostBlockSteps));
        }

        return Median(times);
    }

    private static double Median(IEnumerable<double> values) => Executor.Median([.. values]);
}
