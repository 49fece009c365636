using System.Diagnostics;

namespace Sepal.Peers;

/// <summary>What two engines took, in blocks of runs that alternate.</summary>
/// <param name="SepalMilliseconds">The median of all runs counted.</param>
/// <param name="OnnxRuntimeMilliseconds">Likewise.</param>
/// <param name="Ratio">The median over pairs of neighbouring blocks of ONNX Runtime's time divided by Sepal's.</param>
/// <param name="SepalAllocatedBytes">Managed bytes that a run allocates, on any thread.</param>
/// <param name="OnnxRuntimeAllocatedBytes">Likewise.</param>
/// <param name="NoisyBlocks">Blocks that began while the other engine's threads were still busy.</param>
internal sealed record DuelResult(
    double SepalMilliseconds,
    double OnnxRuntimeMilliseconds,
    double Ratio,
    double SepalAllocatedBytes,
    double OnnxRuntimeAllocatedBytes,
    int NoisyBlocks);

/// <summary>Runs two engines in alternating blocks: A B, B A, A B, …, so that neither gains by its place.</summary>
internal static class Duel
{
    private const double WarmUpSeconds = 0.6;
    private const int WarmUpRuns = 4;

    /// <summary>Warms both engines up and measures them.</summary>
    /// <param name="sepal">The one.</param>
    /// <param name="onnxRuntime">The other.</param>
    /// <param name="pairs">Pairs of blocks.</param>
    /// <param name="blockRuns">Runs a block; the first of each is not counted.</param>
    /// <param name="progress">Called after each pair.</param>
    /// <param name="cancellation">Ends it between two blocks.</param>
    public static DuelResult Measure(
        IEngine sepal, IEngine onnxRuntime, int pairs, int blockRuns, Action<int> progress, CancellationToken cancellation)
    {
        var one = new Contestant(sepal, pairs, blockRuns);
        var other = new Contestant(onnxRuntime, pairs, blockRuns);

        // Twice each: the runtime compiles what Sepal runs often a second time, on what it saw of it.
        for (int round = 0; round < 2; round++)
        {
            one.WarmUp();
            other.WarmUp();
        }

        for (int pair = 0; pair < pairs; pair++)
        {
            cancellation.ThrowIfCancellationRequested();
            bool sepalFirst = pair % 2 == 0;
            (sepalFirst ? one : other).RunBlock();
            (sepalFirst ? other : one).RunBlock();
            progress(pair + 1);
        }

        return new DuelResult(
            one.Median,
            other.Median,
            Medians.Of(one.Blocks.Zip(other.Blocks, (mine, theirs) => theirs / mine)),
            one.AllocatedBytes,
            other.AllocatedBytes,
            one.NoisyBlocks + other.NoisyBlocks);
    }

    private sealed class Contestant(IEngine engine, int pairs, int blockRuns)
    {
        private readonly double[] _times = new double[pairs * (blockRuns - 1)];
        private int _count;
        private long _allocated;

        public double Median => Medians.Of(_times);

        /// <summary>The median milliseconds of each block.</summary>
        public IEnumerable<double> Blocks => _times.Chunk(blockRuns - 1).Select(Medians.Of);

        public double AllocatedBytes => (double)_allocated / _times.Length;

        public int NoisyBlocks { get; private set; }

        public void WarmUp()
        {
            long start = Stopwatch.GetTimestamp();
            for (int run = 0; run < WarmUpRuns || Stopwatch.GetElapsedTime(start).TotalSeconds < WarmUpSeconds; run++)
            {
                engine.Run();
            }
        }

        public void RunBlock()
        {
            if (!Quiet.Wait())
            {
                NoisyBlocks++;
            }

            engine.Run();
            long allocated = GC.GetTotalAllocatedBytes(precise: true);
            for (int run = 1; run < blockRuns; run++)
            {
                long start = Stopwatch.GetTimestamp();
                engine.Run();
                _times[_count++] = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
            }

            _allocated += GC.GetTotalAllocatedBytes(precise: true) - allocated;
        }
    }
}
