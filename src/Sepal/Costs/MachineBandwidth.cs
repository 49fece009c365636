using System.Diagnostics;
using System.Numerics.Tensors;

namespace Sepal.Costs;

/// <summary>The bytes a second between processor and main memory, measured: STREAM's sum of two arrays (McCalpin, 1995).</summary>
internal static class MachineBandwidth
{
    private const int Rounds = 5;

    // Three arrays of 64 MiB for each thread: more than the caches of any processor share out to one.
    private const int Length = 1 << 24;

    /// <summary>Measures.</summary>
    /// <param name="threads">Threads that read and write at the same time.</param>
    /// <returns>Bytes a second of all threads together, the best round; what a write reads first is not counted.</returns>
    public static double Measure(int threads)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(threads, 1);
        var seconds = new double[Rounds, threads];
        using var barrier = new Barrier(threads);
        Thread[] workers = [.. Enumerable.Range(0, threads).Select(index => new Thread(() => Run(index)))];
        Array.ForEach(workers, worker => worker.Start());
        Array.ForEach(workers, worker => worker.Join());
        double best = Enumerable.Range(0, Rounds).Min(round => Enumerable.Range(0, threads).Max(index => seconds[round, index]));
        return 3.0 * sizeof(float) * Length * threads / best;

        void Run(int index)
        {
            float[] left = new float[Length];
            float[] right = new float[Length];
            float[] sum = new float[Length];

            // Also the first touch, by which the pages come to be.
            left.AsSpan().Fill(1);
            right.AsSpan().Fill(2);
            sum.AsSpan().Fill(3);
            for (int round = 0; round < Rounds; round++)
            {
                barrier.SignalAndWait();
                long start = Stopwatch.GetTimestamp();
                TensorPrimitives.Add(left, right, sum);
                seconds[round, index] = Stopwatch.GetElapsedTime(start).TotalSeconds;
            }
        }
    }
}
