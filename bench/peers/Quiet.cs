using System.Diagnostics;

namespace Sepal.Peers;

/// <summary>Waits until this process's threads no longer spin, so that one engine's do not take a core from the other.</summary>
internal static class Quiet
{
    private const double BusyShare = 0.1;
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(2);

    /// <summary>Sleeps until the process uses next to no time of any core.</summary>
    /// <returns>Whether that came about; after two seconds it does not wait any longer.</returns>
    public static bool Wait()
    {
        long begin = Stopwatch.GetTimestamp();
        for (int quiet = 0; quiet < 2;)
        {
            TimeSpan used = Environment.CpuUsage.TotalTime;
            long start = Stopwatch.GetTimestamp();
            Thread.Sleep(2);
            double share = (Environment.CpuUsage.TotalTime - used) / Stopwatch.GetElapsedTime(start);
            quiet = share < BusyShare ? quiet + 1 : 0;
            if (Stopwatch.GetElapsedTime(begin) > Longest)
            {
                return false;
            }
        }

        return true;
    }
}
