using Sepal.Randomness;

namespace Sepal.Training;

/// <summary>The order in which an epoch goes through the examples.</summary>
internal static class Batches
{
    /// <summary>All examples' numbers, shuffled by the seed and the epoch, or in order.</summary>
    public static int[] Order(int count, bool shuffle, ulong seed, int epoch)
    {
        var order = new int[count];
        for (int index = 0; index < count; index++)
        {
            order[index] = index;
        }

        if (shuffle)
        {
            new RandomStream(seed, RandomStreams.Shuffle(epoch)).Shuffle<int>(order);
        }

        return order;
    }

    /// <summary>The examples of one batch.</summary>
    public static ReadOnlySpan<int> Batch(ReadOnlySpan<int> order, int batchSize, int batch) =>
        order.Slice(batch * batchSize, Math.Min(batchSize, order.Length - (batch * batchSize)));
}
