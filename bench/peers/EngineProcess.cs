using System.Diagnostics;
using System.Globalization;
using System.Reflection;
using System.Text.Json;
using static System.FormattableString;

namespace Sepal.Peers;

/// <summary>What an engine takes in a process that holds nothing else.</summary>
/// <param name="Milliseconds">The median of a run.</param>
/// <param name="PeakMemoryBytes">The most memory that was resident up to the end of these runs.</param>
/// <param name="FirstResultMilliseconds">From the start of the process to the first output.</param>
/// <param name="CreationMilliseconds">
/// Once the process is warm: reading the file and getting ready to run, up to the end of a first run, without the time of a run.
/// </param>
internal sealed record EngineFigures(
    double Milliseconds, long PeakMemoryBytes, double FirstResultMilliseconds, double CreationMilliseconds);

/// <summary>This program started again for one engine, one model, one size and one number of threads.</summary>
internal static class EngineProcess
{
    public const string Marker = "--engine";

    private const double WarmUpSeconds = 0.5;
    private const double RunSeconds = 1;
    private const int LeastRuns = 20;
    private const int Creations = 7;

    /// <summary>Starts a process and waits for its figures.</summary>
    public static EngineFigures Measure(string engine, string path, IReadOnlyList<long> shape, int threads)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath!) { RedirectStandardOutput = true };
        if (Path.GetFileNameWithoutExtension(start.FileName) == "dotnet")
        {
            start.ArgumentList.Add(Assembly.GetExecutingAssembly().Location);
        }

        start.ArgumentList.Add(Marker);
        foreach (string argument in (string[])[engine, path, string.Join('x', shape), Invariant($"{threads}"), Invariant($"{DateTime.UtcNow.Ticks}")])
        {
            start.ArgumentList.Add(argument);
        }

        using Process process = Process.Start(start)!;
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0
            ? JsonSerializer.Deserialize(output, PeersJson.Default.EngineFigures)!
            : throw new SepalException($"The process that runs {path} with {engine} alone ended with the code {process.ExitCode}.");
    }

    /// <summary>The work of such a process: prints its figures as JSON.</summary>
    /// <param name="arguments">Engine, file, shape, threads, and when the process was started.</param>
    public static void Serve(string[] arguments)
    {
        string path = arguments[1];
        long[] shape = Array.ConvertAll(arguments[2].Split('x'), text => long.Parse(text, CultureInfo.InvariantCulture));
        int threads = int.Parse(arguments[3], CultureInfo.InvariantCulture);
        var started = new DateTime(long.Parse(arguments[4], CultureInfo.InvariantCulture), DateTimeKind.Utc);
        double firstResult;
        double median;
        long peakMemory;
        using (IEngine engine = Engines.Create(arguments[0], path, shape, threads))
        {
            Engines.Fill(engine);
            engine.Run();
            firstResult = (DateTime.UtcNow - started).TotalMilliseconds;
            RunFor(engine, WarmUpSeconds);
            median = Medians.Of(RunFor(engine, RunSeconds));
            using var self = Process.GetCurrentProcess();
            peakMemory = self.PeakWorkingSet64;
        }

        var creations = new double[Creations];
        foreach (ref double creation in creations.AsSpan())
        {
            long start = Stopwatch.GetTimestamp();
            using IEngine engine = Engines.Create(arguments[0], path, shape, threads);
            engine.Run();
            creation = Stopwatch.GetElapsedTime(start).TotalMilliseconds - median;
        }

        // The first of them warm the code up.
        double steady = Medians.Of(creations[(Creations / 2)..]);
        Console.WriteLine(JsonSerializer.Serialize(
            new EngineFigures(median, peakMemory, firstResult, steady), PeersJson.Default.EngineFigures));
    }

    private static List<double> RunFor(IEngine engine, double seconds)
    {
        var times = new List<double>();
        long begin = Stopwatch.GetTimestamp();
        while (times.Count < LeastRuns || Stopwatch.GetElapsedTime(begin).TotalSeconds < seconds)
        {
            long start = Stopwatch.GetTimestamp();
            engine.Run();
            times.Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
        }

        return times;
    }
}
