using Sepal.Graphs;

namespace Sepal.Training.Features;

/// <summary>A data set's examples as a frozen backbone sees them: computed once, then read.</summary>
internal sealed class FeatureDataset : Dataset, IDisposable
{
    private readonly Dataset _source;
    private readonly FeatureStore _store;
    private readonly float[] _targets;
    private readonly int _inputLength;
    private readonly int _targetLength;

    private FeatureDataset(Dataset source, Shape shape, FeatureStore store)
    {
        _source = source;
        _store = store;
        InputShape = shape;
        _inputLength = checked((int)shape.ElementCount.Value);
        _targetLength = checked((int)source.TargetShape.ElementCount.Value);
        _targets = new float[checked(source.Count * _targetLength)];
    }

    public override int Count => _source.Count;

    public override Shape InputShape { get; }

    public override Shape TargetShape => _source.TargetShape;

    public override IReadOnlyList<string>? ClassNames => _source.ClassNames;

    /// <summary>Computes the features of all examples, in order.</summary>
    /// <param name="source">The data set.</param>
    /// <param name="features">The value that the backbone ends in.</param>
    /// <param name="epoch">The epoch that the data set is told: 0 where it is evaluated.</param>
    /// <param name="batchSize">Examples a run.</param>
    /// <param name="run">Gives, for a number of examples, where they go, and what runs them and gives their features.</param>
    /// <param name="options">How much memory to use, and what may cancel.</param>
    /// <returns>The features; null where there is no room for them, which is warned of.</returns>
    public static FeatureDataset? Compute(Dataset source, Value features, int epoch, int batchSize, IBackboneRun run, FitOptions options)
    {
        Shape shape = features.Shape.WithoutBatch();
        int length = checked((int)shape.ElementCount.Value);
        FeatureStore? store = FeatureStore.Create(source.Count, length, options.FeatureCacheMemory);
        if (store is null)
        {
            options.Warn(
                $"The features of the frozen layers take {(long)source.Count * length * sizeof(float):N0} bytes, for which there is no room in "
                + "memory or in half of the temporary directory's: they are computed anew in every epoch.");
            return null;
        }

        var result = new FeatureDataset(source, shape, store);
        try
        {
            result.Fill(epoch, batchSize, run, options.CancellationToken);
            return result;
        }
        catch (IOException exception)
        {
            result.Dispose();
            options.Warn(
                $"The features of the frozen layers cannot be kept: {exception.Message} They are computed anew in every epoch.");
            return null;
        }
        catch
        {
            result.Dispose();
            throw;
        }
    }

    public override void Read(ReadOnlySpan<int> indices, Span<float> inputs, Span<float> targets)
    {
        for (int position = 0; position < indices.Length; position++)
        {
            _store.Read(indices[position], inputs.Slice(position * _inputLength, _inputLength));
            _targets.AsSpan(indices[position] * _targetLength, _targetLength).CopyTo(targets[(position * _targetLength)..]);
        }
    }

    public void Dispose() => _store.Dispose();

    private void Fill(int epoch, int batchSize, IBackboneRun run, CancellationToken cancellation)
    {
        int[] order = Batches.Order(Count, shuffle: false, seed: 0, epoch: 0);
        _source.Prepare(epoch, order, batchSize);
        for (int start = 0; start < order.Length; start += batchSize)
        {
            cancellation.ThrowIfCancellationRequested();
            int count = Math.Min(batchSize, order.Length - start);
            _source.Read(
                order.AsSpan(start, count), run.Input(count), _targets.AsSpan(start * _targetLength, count * _targetLength));
            _store.Write(start, run.Run(count, cancellation));
        }
    }
}
