using Sepal.Execution;
using Sepal.Kernels.Elementwise;

namespace Sepal.Training.Gradients;

/// <summary>Adds up what the shards of a sum left, always in the same order.</summary>
internal static class ShardReduction
{
    /// <summary>A step that adds shards up.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="nodeName">The node it is for.</param>
    /// <param name="partials">The shards, one after the other, each as long as the sum.</param>
    /// <param name="shards">How many.</param>
    /// <param name="sum">Where the sum goes.</param>
    public static unsafe void Add(PlanBuilder plan, string nodeName, PlanBuffer partials, int shards, PlanBuffer sum)
    {
        long length = sum.FloatCount;
        Partition partition = Partition.OfChannels(length, shards);
        plan.Add(
            nodeName,
            "add up shards",
            partition.Parts,
            [partials],
            [sum],
            (run, part, _) =>
            {
                (long from, long to) = partition.Range(part);
                float* destination = run.Floats(sum) + from;
                float* shard = run.Floats(partials) + from;
                new ReadOnlySpan<float>(shard, (int)(to - from)).CopyTo(new Span<float>(destination, (int)(to - from)));
                for (int index = 1; index < shards; index++)
                {
                    Accumulation.Add(shard + (index * length), destination, to - from);
                }
            });
    }
}
