using System.Collections.Immutable;
using System.Diagnostics;

namespace Sepal.Execution;

/// <summary>Runs plans.</summary>
internal static class Executor
{
    /// <summary>Runs a plan's steps in order.</summary>
    /// <exception cref="OperationCanceledException">Cancelled between two steps.</exception>
    public static void Run(ImmutableArray<Step> steps, RunContext context, CancellationToken cancellation = default)
    {
        foreach (Step step in steps)
        {
            cancellation.ThrowIfCancellationRequested();
            WorkerPool.Shared.Run(step.Body, context, step.Parts, context.Threads);
        }
    }

    /// <summary>Runs a plan many times and times every step.</summary>
    /// <returns>The median milliseconds of each step, in plan order.</returns>
    /// <exception cref="OperationCanceledException">Cancelled between two runs.</exception>
    public static double[] Profile(ImmutableArray<Step> steps, RunContext context, int runs, CancellationToken cancellation = default)
    {
        var times = new double[steps.Length][];
        for (int index = 0; index < steps.Length; index++)
        {
            times[index] = new double[runs];
        }

        for (int run = 0; run < runs; run++)
        {
            cancellation.ThrowIfCancellationRequested();
            for (int index = 0; index < steps.Length; index++)
            {
                long start = Stopwatch.GetTimestamp();
                WorkerPool.Shared.Run(steps[index].Body, context, steps[index].Parts, context.Threads);

                // A TimeSpan counts in 100 ns, which some steps do not take.
                times[index][run] = (Stopwatch.GetTimestamp() - start) * 1000.0 / Stopwatch.Frequency;
            }
        }

        return [.. times.Select(Median)];
    }

    /// <summary>The middle of a set of measurements.</summary>
    public static double Median(double[] values)
    {
        double[] sorted = [.. values.Order()];
        int middle = sorted.Length / 2;
        return sorted.Length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }
}
