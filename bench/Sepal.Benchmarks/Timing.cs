using System.Diagnostics;

namespace Sepal.Benchmarks;

internal static class Timing
{
    /// <summary>Runs for some milliseconds.</summary>
    public static void WarmUp(Action action)
    {
        Stopwatch clock = Stopwatch.StartNew();
        while (clock.Elapsed.TotalSeconds < 0.02)
        {
            action();
        }
    }

    /// <summary>The median time of one call, in seconds, over blocks of calls long enough for the clock.</summary>
    public static double Median(Action action)
    {
        const double BlockSeconds = 0.002;
        const int Blocks = 31;
        Stopwatch clock = Stopwatch.StartNew();

        // Long enough for the JIT's tiers to be through.
        int calls = 0;
        while (clock.Elapsed.TotalSeconds < 0.15)
        {
            action();
            calls++;
        }

        int repeats = Math.Max(1, (int)(BlockSeconds / (clock.Elapsed.TotalSeconds / calls)));
        double[] times = new double[Blocks];
        for (int i = 0; i < Blocks; i++)
        {
            clock.Restart();
            for (int j = 0; j < repeats; j++)
            {
                action();
            }

            times[i] = clock.Elapsed.TotalSeconds / repeats;
        }

        Array.Sort(times);
        return times[Blocks / 2];
    }
}
