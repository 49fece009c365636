using System.Diagnostics;
using Sepal.Kernels;
using Sepal.Kernels.Simd;

namespace Sepal.Costs;

/// <summary>
/// The most 32-bit multiply-adds that this machine does in a second, measured: independent ones on registers, in the widest
/// vectors that Sepal's kernels use here. What a model's speed can be held against on any machine.
/// </summary>
public static class MachinePeak
{
    private const int Rounds = 7;
    private const double RoundSeconds = 0.004;
    private const double WarmUpSeconds = 0.03;

    /// <summary>Floats of the widest vectors: 16 with AVX-512, 8 with AVX2, 4 with NEON, 1 without any.</summary>
    public static int VectorWidth => SimdLevel.Width;

    /// <summary>
    /// Measures for about 60 milliseconds. Machines slow down and speed up: measure beside what you compare, in the same process.
    /// </summary>
    /// <param name="threads">
    /// Threads that compute at the same time; at least 1. Cores that share their arithmetic units, or that slow down together,
    /// do less than as many times one.
    /// </param>
    /// <returns>GFLOP/s of all threads together, the best of several rounds; one multiply-add is two operations.</returns>
    /// <exception cref="ArgumentOutOfRangeException">There are no threads.</exception>
    public static double Measure(int threads = 1)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(threads, 1);
        PeakLoop[] loops = [.. Enumerable.Range(0, threads).Select(_ => PeakLoop.Create())];
        int repeats = WarmUp(loops[0]);
        double best = double.MaxValue;
        if (threads == 1)
        {
            for (int round = 0; round < Rounds; round++)
            {
                best = Math.Min(best, Time(loops[0], repeats));
            }
        }
        else
        {
            best = TimeTogether(loops, repeats);
        }

        return PeakLoop.Operations * repeats * threads / best / 1e9;
    }

    /// <summary>Brings the core up to speed, and finds how many runs take a round's time.</summary>
    private static int WarmUp(PeakLoop loop)
    {
        long start = Stopwatch.GetTimestamp();
        int runs = 0;
        while (Stopwatch.GetElapsedTime(start).TotalSeconds < WarmUpSeconds)
        {
            loop.Run();
            runs++;
        }

        return Math.Max(1, (int)(runs * RoundSeconds / WarmUpSeconds));
    }

    private static double Time(PeakLoop loop, int repeats)
    {
        long start = Stopwatch.GetTimestamp();
        for (int run = 0; run < repeats; run++)
        {
            loop.Run();
        }

        return Stopwatch.GetElapsedTime(start).TotalSeconds;
    }

    /// <summary>The seconds of the round whose slowest thread was fastest.</summary>
    private static double TimeTogether(PeakLoop[] loops, int repeats)
    {
        var seconds = new double[Rounds, loops.Length];
        using var barrier = new Barrier(loops.Length);
        Thread[] threads = [.. loops.Select((loop, index) => new Thread(() =>
        {
            // Its own warm-up: the threads share nothing but the start.
            Time(loop, repeats);
            for (int round = 0; round < Rounds; round++)
            {
                barrier.SignalAndWait();
                seconds[round, index] = Time(loop, repeats);
            }
        }))];
        Array.ForEach(threads, thread => thread.Start());
        Array.ForEach(threads, thread => thread.Join());
        return Enumerable.Range(0, Rounds)
            .Min(round => Enumerable.Range(0, loops.Length).Max(index => seconds[round, index]));
    }
}
