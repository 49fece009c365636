using Sepal.Graphs;
using Sepal.Layers;
using Sepal.Training;
using Sepal.Training.Losses;
using Sepal.Training.Optimizers;
using Xunit;

namespace Sepal.Tests.Training;

/// <summary>A data set is told what will be read, and is then asked for just that.</summary>
public sealed class PreparationTests
{
    [Fact]
    public void EveryEpochAndEvaluationIsAnnouncedAndReadInThatOrder()
    {
        var train = new Recorder(new Clusters(50));
        var validation = new Recorder(new Clusters(20, seed: 2));
        using Sequential model = [new Input(8, 8, 1), new Flatten(), new Dense(4)];
        model.Compile(new Sgd(), new SparseCategoricalCrossentropy { FromLogits = true });
        model.Fit(train.Take(37), new FitOptions { Epochs = 2, BatchSize = 8, Validation = validation });

        Assert.Equal([1, 2], train.Prepared.Select(call => call.Epoch));
        Assert.All(train.Prepared, call => Assert.Equal(8, call.BatchSize));
        Assert.All(train.Prepared, call => Assert.Equal(Enumerable.Range(0, 37), call.Order.Order()));
        Assert.Equal(train.Prepared.SelectMany(call => call.Order), train.Reads.SelectMany(read => read));
        Assert.NotEqual(train.Prepared[0].Order, train.Prepared[1].Order);

        Assert.Equal([0, 0], validation.Prepared.Select(call => call.Epoch));
        Assert.Equal(validation.Prepared.SelectMany(call => call.Order), validation.Reads.SelectMany(read => read));
    }

    [Fact]
    public void TheBeginningOfADataSetThatChangesChangesToo()
    {
        var changing = new Recorder(new Clusters(20), isFixed: false);
        Assert.False(changing.Take(10).IsFixed);
        Assert.True(new Clusters(20).Take(10).IsFixed);
    }

    private sealed class Recorder(Dataset inner, bool isFixed = true) : Dataset
    {
        public List<(int Epoch, int[] Order, int BatchSize)> Prepared { get; } = [];

        public List<int[]> Reads { get; } = [];

        public override int Count => inner.Count;

        public override Shape InputShape => inner.InputShape;

        public override Shape TargetShape => inner.TargetShape;

        public override bool IsFixed => isFixed;

        public override void Prepare(int epoch, ReadOnlyMemory<int> order, int batchSize) =>
            Prepared.Add((epoch, order.ToArray(), batchSize));

        public override void Read(ReadOnlySpan<int> indices, Span<float> inputs, Span<float> targets)
        {
            Reads.Add(indices.ToArray());
            inner.Read(indices, inputs, targets);
        }
    }
}
