using Sepal.Graphs;

namespace Sepal.Training;

/// <summary>
/// Examples with targets, read by number and in any order, so that nothing need be in memory but what is asked for.
/// </summary>
public abstract class Dataset
{
    /// <summary>How many examples there are.</summary>
    public abstract int Count { get; }

    /// <summary>The shape of one example, without the batch: height, width, channels.</summary>
    public abstract Shape InputShape { get; }

    /// <summary>The shape of one target, without the batch; <see cref="Shape.Scalar"/> for a class number.</summary>
    public abstract Shape TargetShape { get; }

    /// <summary>What the classes are called, if they have names.</summary>
    public virtual IReadOnlyList<string>? ClassNames => null;

    /// <summary>
    /// Whether an example's input is the same whenever it is read. A data set that augments its examples says no: what is
    /// computed of them must then not be kept for the next epoch.
    /// </summary>
    public virtual bool IsFixed => true;

    /// <summary>
    /// Is told what will be read before an epoch's reads or an evaluation's, so that it can be fetched and decoded ahead on
    /// other threads. The reads that follow ask for the examples in this order, a batch at a time. A run that is broken off
    /// leaves the rest unread: what was fetched for it is dropped at the next call. By default does nothing.
    /// </summary>
    /// <param name="epoch">
    /// The epoch, from 1; 0 for an evaluation. Augmentation is keyed by the seed, the epoch and the example, so that it does not
    /// depend on threads or on where a run was resumed; an evaluation's examples are not augmented.
    /// </param>
    /// <param name="order">The numbers of the examples still to be read, in order. It stays as it is until the next call.</param>
    /// <param name="batchSize">Examples a read; the last may be of fewer.</param>
    public virtual void Prepare(int epoch, ReadOnlyMemory<int> order, int batchSize)
    {
    }

    /// <summary>Reads examples.</summary>
    /// <param name="indices">Which, from 0 to just below <see cref="Count"/>, in the order wanted.</param>
    /// <param name="inputs">Is filled with the examples one after another.</param>
    /// <param name="targets">Is filled with the targets one after another; class numbers as floats.</param>
    public abstract void Read(ReadOnlySpan<int> indices, Span<float> inputs, Span<float> targets);

    /// <summary>The first examples as a data set of their own.</summary>
    /// <param name="count">How many at the most.</param>
    /// <returns>The data set.</returns>
    /// <exception cref="SepalException"><paramref name="count"/> is below 1.</exception>
    public Dataset Take(int count)
    {
        if (count < 1)
        {
            throw new SepalException($"Cannot take {count} examples of a data set; take at least 1.");
        }

        return count >= Count ? this : new Beginning(this, count);
    }

    private sealed class Beginning(Dataset whole, int count) : Dataset
    {
        public override int Count => count;

        public override Shape InputShape => whole.InputShape;

        public override Shape TargetShape => whole.TargetShape;

        public override IReadOnlyList<string>? ClassNames => whole.ClassNames;

        public override bool IsFixed => whole.IsFixed;

        public override void Prepare(int epoch, ReadOnlyMemory<int> order, int batchSize) =>
            whole.Prepare(epoch, order, batchSize);

        public override void Read(ReadOnlySpan<int> indices, Span<float> inputs, Span<float> targets) =>
            whole.Read(indices, inputs, targets);
    }
}
