using System.Collections.Immutable;
using System.Diagnostics;

namespace Sepal.Shrinking.Timing;

/// <summary>
/// Times several things against each other: they run by turns, so that a machine that slows down does so for all of them, and the
/// median of each stands for it.
/// </summary>
internal static class AlternatingTimer
{
    // Long enough that reading the clock does not show.
    private const double SampleMilliseconds = 0.05;
    private const int LeastRounds = 9;
    private const int WarmUpRuns = 5;

    /// <summary>Times runs.</summary>
    /// <param name="runs">What is run.</param>
    /// <param name="seconds">About how long all of it may take; nine rounds are made in any case.</param>
    /// <param name="cancellation">Ends it between two runs.</param>
    /// <returns>The median milliseconds of each.</returns>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public static ImmutableArray<double> Medians(IReadOnlyList<Action> runs, double seconds, CancellationToken cancellation = default)
    {
        long start = Stopwatch.GetTimestamp();
        int[] repeats = [.. runs.Select(run => WarmUp(run, seconds / (4 * runs.Count), cancellation))];
        List<double>[] samples = [.. runs.Select(_ => new List<double>())];
        for (int round = 0; round < LeastRounds || Stopwatch.GetElapsedTime(start).TotalSeconds < seconds; round++)
        {
            for (int turn = 0; turn < runs.Count; turn++)
            {
                // Whoever comes after a large one finds the caches emptied: it is not always the same.
                int index = round % 2 == 0 ? turn : runs.Count - 1 - turn;
                cancellation.ThrowIfCancellationRequested();
                samples[index].Add(Time(runs[index], repeats[index]));
            }
        }

        return [.. samples.Select(Median)];
    }

    /// <summary>The middle one of some numbers, or the mean of the two in the middle.</summary>
    /// <param name="numbers">The numbers, at least one.</param>
    /// <returns>The median.</returns>
    internal static double Median(IReadOnlyCollection<double> numbers)
    {
        double[] sorted = [.. numbers.Order()];
        return (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;
    }

    /// <summary>Runs until the just-in-time compiler is likely done, and finds how many runs make a sample.</summary>
    private static int WarmUp(Action run, double seconds, CancellationToken cancellation)
    {
        List<double> times = [];
        long start = Stopwatch.GetTimestamp();
        while (times.Count < WarmUpRuns || Stopwatch.GetElapsedTime(start).TotalSeconds < seconds)
        {
            cancellation.ThrowIfCancellationRequested();
            times.Add(Time(run, 1));
        }

        return Math.Max(1, (int)Math.Ceiling(SampleMilliseconds / Math.Max(Median(times), 1e-6)));
    }

    private static double Time(Action run, int repeats)
    {
        long start = Stopwatch.GetTimestamp();
        for (int repeat = 0; repeat < repeats; repeat++)
        {
            run();
        }

        return Stopwatch.GetElapsedTime(start).TotalMilliseconds / repeats;
    }
}
