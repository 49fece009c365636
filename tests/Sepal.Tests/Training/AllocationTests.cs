using System.Numerics.Tensors;
using Sepal.Layers;
using Sepal.Training;
using Sepal.Training.Losses;
using Sepal.Training.Metrics;
using Sepal.Training.Optimizers;
using Xunit;

namespace Sepal.Tests.Training;

/// <summary>Preparing a plan may allocate; running it may not. Alone in the process, since allocations are counted there.</summary>
[Collection(Name)]
[CollectionDefinition(Name, DisableParallelization = true)]
public class AllocationTests
{
    internal const string Name = "allocations";
    private const int BatchSize = 4;

    [Fact]
    public void Training_steps_allocate_nothing()
    {
        using Sequential model =
        [
            new Input(Clusters.Size, Clusters.Size, 1),
            new Conv2D(8, 3) { KernelL2 = 0.001f },
            new BatchNormalization(),
            new Activation(Activations.Relu),
            new SeparableConv2D(16, 3) { Activation = Activations.HardSwish },
            new MaxPooling2D(2),
            new Flatten(),
            new Dropout(0.2f),
            new Dense(4) { Activation = Activations.Softmax },
        ];
        model.Compile(new Adam(), new SparseCategoricalCrossentropy(), new Accuracy());

        // One epoch of 100 steps against one of 1: what is left is per epoch, and small.
        TensorDataset one = Data(BatchSize);
        TensorDataset many = Data(100 * BatchSize);
        var options = new FitOptions { BatchSize = BatchSize, Threads = 2, Shuffle = false, ShowProgress = false };
        model.Fit(one, options);
        model.Fit(many, options);
        long few = Allocated(() => model.Fit(one, options));
        long further = Allocated(() => model.Fit(many, options)) - few;

        // The order of 400 examples is an array; nothing else grows with the number of steps.
        Assert.InRange(further, 0, (100 * BatchSize * sizeof(int)) + 1024);
    }

    private static TensorDataset Data(int count)
    {
        var inputs = new float[count * Clusters.Size * Clusters.Size];
        var targets = new float[count];
        new Clusters(count).Read(Enumerable.Range(0, count).ToArray(), inputs, targets);
        return new TensorDataset(Tensor.Create(inputs, [count, Clusters.Size, Clusters.Size, 1]), [.. targets.Select(target => (int)target)]);
    }

    private static long Allocated(Action action)
    {
        long before = GC.GetTotalAllocatedBytes(precise: true);
        action();
        return GC.GetTotalAllocatedBytes(precise: true) - before;
    }
}
