using Sepal.Graphs;
using Sepal.Training;

namespace Sepal.Shrinking;

/// <summary>Some examples of a data set, by number.</summary>
/// <param name="source">The data set.</param>
/// <param name="selected">Which of its examples.</param>
internal sealed class ImageSelection(Dataset source, int[] selected) : Dataset
{
    public override int Count => selected.Length;

    public override Shape InputShape => source.InputShape;

    public override Shape TargetShape => source.TargetShape;

    public override IReadOnlyList<string>? ClassNames => source.ClassNames;

    public override bool IsFixed => source.IsFixed;

    /// <summary>The numbers of some examples, spread evenly over a data set, which may be sorted by class.</summary>
    /// <param name="source">The data set.</param>
    /// <param name="most">How many; all where there are fewer.</param>
    public static int[] Spread(Dataset source, int most)
    {
        int count = Math.Min(most, source.Count);
        return [.. Enumerable.Range(0, count).Select(index => (int)((long)index * source.Count / count))];
    }

    /// <summary>Divides a data set in two: a share of its examples, spread evenly, is held out of the rest.</summary>
    /// <exception cref="TrainingException">There are fewer than two examples.</exception>
    public static (Dataset Remaining, Dataset HeldOut) HoldOut(Dataset source, double share)
    {
        if (source.Count < 2)
        {
            throw new TrainingException(
                $"Of {source.Count} image(s) none can be held out to judge the epochs by. Give more images, or a data set for validation.");
        }

        int count = Math.Clamp((int)Math.Round(source.Count * share), 1, source.Count - 1);
        bool[] isHeldOut = new bool[source.Count];
        for (int index = 0; index < count; index++)
        {
            // The middle of every stretch of 1 / share examples: data sorted by class lose some of each.
            isHeldOut[(int)(((2L * index) + 1) * source.Count / (2L * count))] = true;
        }

        int[] all = [.. Enumerable.Range(0, source.Count)];
        return (
            new ImageSelection(source, [.. all.Where(index => !isHeldOut[index])]),
            new ImageSelection(source, [.. all.Where(index => isHeldOut[index])]));
    }

    public override void Prepare(int epoch, ReadOnlyMemory<int> order, int batchSize) => source.Prepare(epoch, Translate(order.Span), batchSize);

    public override void Read(ReadOnlySpan<int> indices, Span<float> inputs, Span<float> targets) =>
        source.Read(Translate(indices), inputs, targets);

    private int[] Translate(ReadOnlySpan<int> indices)
    {
        var translated = new int[indices.Length];
        for (int index = 0; index < translated.Length; index++)
        {
            translated[index] = selected[indices[index]];
        }

        return translated;
    }
}
