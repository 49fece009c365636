using System.Collections.Immutable;
using Sepal.Randomness;

namespace Sepal.Data;

/// <summary>Holds examples out of training, to measure on.</summary>
public static class ImageSplit
{
    /// <summary>
    /// Takes the same share of every class, at random: at least one example of a class that has two or more, and never all of them.
    /// </summary>
    /// <param name="labels">Every example's class.</param>
    /// <param name="share">The share that is held out, from 0 to below 1.</param>
    /// <param name="seed">What the choice follows from.</param>
    /// <returns>The numbers of the examples that stay, and of those held out, both ascending.</returns>
    public static (ImmutableArray<int> Train, ImmutableArray<int> Validation) Stratified(IReadOnlyList<int> labels, double share, ulong seed)
    {
        ArgumentNullException.ThrowIfNull(labels);
        if (share is not (>= 0 and < 1))
        {
            throw new DataException($"The share of the images to hold out is {share}. Give a number from 0 to below 1, for example 0.1.");
        }

        var held = new HashSet<int>();
        foreach (IGrouping<int, int> images in Enumerable.Range(0, labels.Count).GroupBy(index => labels[index]))
        {
            int[] order = [.. images];
            new RandomStream(seed, RandomStreams.Split(images.Key)).Shuffle<int>(order);
            int count = share == 0 ? 0 : Math.Clamp((int)Math.Round(share * order.Length), Math.Min(1, order.Length - 1), order.Length - 1);
            held.UnionWith(order.Take(count));
        }

        return (
            [.. Enumerable.Range(0, labels.Count).Where(index => !held.Contains(index))],
            [.. Enumerable.Range(0, labels.Count).Where(held.Contains)]);
    }
}
