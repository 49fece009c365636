using Sepal.Graphs;
using Sepal.Kernels.Normalization;

namespace Sepal.Execution.Lowering;

/// <summary>The shards of a batch normalisation's statistics, and where they are kept until they are put together.</summary>
internal sealed class BatchStatistics
{
    private readonly PlanBuffer _input;

    private BatchStatistics(ForwardContext context, Node normalization, PlanBuffer input, RowShards shards)
    {
        int channels = context.Dimensions(normalization.Output)[^1];
        Kernel = BatchStatisticsKernel.Create(channels);
        Shards = shards;
        Partials = context.Plan.Allocate($"{normalization.Name}/partial statistics", (long)shards.Count * Kernel.PartialLength);
        _input = input;
        Channels = channels;
    }

    public BatchStatisticsKernel Kernel { get; }

    public int Channels { get; }

    public RowShards Shards { get; }

    public PlanBuffer Partials { get; }

    /// <summary>
    /// The statistics that a step can measure of what it writes, part by part: nothing is in a nearer cache. Null where no
    /// normalisation wants them, or parts are not whole pixels.
    /// </summary>
    /// <param name="context">The plan.</param>
    /// <param name="node">What writes the data.</param>
    /// <param name="output">Where they lie.</param>
    /// <param name="pixels">The first pixel of every part, and after the last the number of all; null where parts are not such.</param>
    public static BatchStatistics? MeasuredBy(ForwardContext context, Node node, PlanBuffer output, long[]? pixels)
    {
        if (pixels is null || context.Fusion?.NormalizationReading(node) is not { } normalization)
        {
            return null;
        }

        var statistics = new BatchStatistics(context, normalization, output, new RowShards([.. pixels]));
        context.Keep(normalization, statistics);
        return statistics;
    }

    /// <summary>The statistics of a normalisation, by a step of its own where none before it has measured them.</summary>
    public static BatchStatistics Of(ForwardContext context, Node normalization)
    {
        if (context.StatisticsOf(normalization) is { } measured)
        {
            return measured;
        }

        PlanBuffer input = context.Buffer(normalization.Inputs[0]);
        var statistics = new BatchStatistics(
            context, normalization, input, new RowShards(BatchNormalizationLowering.Rows(context, normalization)));
        context.Plan.Add(
            normalization.Name,
            "partial statistics",
            statistics.Shards.Count,
            [input],
            [statistics.Partials],
            (run, part, _) => statistics.Measure(run, part));
        return statistics;
    }

    /// <summary>Measures one shard.</summary>
    public unsafe void Measure(RunContext run, int shard)
    {
        (long from, long to) = Shards.Range(shard);
        Kernel.Measure(run.Floats(_input) + (from * Channels), to - from, run.Floats(Partials) + ((long)shard * Kernel.PartialLength));
    }
}
