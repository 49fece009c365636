using System.Numerics.Tensors;
using Sepal.Layers;
using Sepal.Training;
using Sepal.Training.Losses;
using Sepal.Training.Metrics;
using Sepal.Training.Optimizers;
using Xunit;

namespace Sepal.Tests.Training;

public class FitTests
{
    [Fact]
    public void A_step_that_is_broken_off_leaves_no_plan_with_stale_statistics()
    {
        using Sequential model =
            [new Input(Clusters.Size, Clusters.Size, 1), new BatchNormalization { Momentum = 0.5f }, new Flatten(), new Dense(4)];
        model.Compile(new Adam(), new SparseCategoricalCrossentropy { FromLogits = true });
        Tensor<float> image = Tensor.Create(new float[Clusters.Size * Clusters.Size], [1, Clusters.Size, Clusters.Size, 1]);
        model.Predict(image, threads: 1);

        Assert.Throws<InvalidOperationException>(() => model.Fit(
            new Clusters(32), new FitOptions { ShowProgress = false, GradientReducer = new Broken() }));

        // The first plan was prepared before the moving variance changed, the second after.
        Assert.Equal(model.Predict(image, threads: 2).ToArray(), model.Predict(image, threads: 1).ToArray());
    }

    private sealed class Broken : IGradientReducer
    {
        public void Reduce(Span<float> gradients) => throw new InvalidOperationException();
    }

    private static Sequential Network(float dropout = 0) =>
    [
        new Input(Clusters.Size, Clusters.Size, 1),
        new Conv2D(8, 3) { Padding = Padding2D.Same },
        new BatchNormalization(),
        new Activation(Activations.Relu),
        new SeparableConv2D(16, 3) { Activation = Activations.Relu },
        new MaxPooling2D(2),
        new Flatten(),
        new Dropout(dropout),
        new Dense(4) { Activation = Activations.Softmax },
    ];

    private static Sequential Compiled(Optimizer? optimizer = null, float dropout = 0)
    {
        Sequential model = Network(dropout);
        model.Initialize(1);
        model.Compile(optimizer ?? new Adam(0.01), new SparseCategoricalCrossentropy(), new Accuracy());
        return model;
    }

    [Fact]
    public void A_small_separable_network_learns()
    {
        using Sequential model = Compiled();
        var test = new Clusters(500, seed: 2);
        Assert.InRange(model.Evaluate(test)["accuracy"], 0, 0.6);
        History history = model.Fit(new Clusters(1000), new FitOptions { Epochs = 4, Validation = test, Seed = 1, ShowProgress = false });

        Assert.Equal([1, 2, 3, 4], history.Epochs.Select(epoch => epoch.Epoch));
        Assert.True(history.Epochs[^1].Loss < history.Epochs[0].Loss / 2);
        Assert.InRange(history.Epochs[^1].Figure("val_accuracy")!.Value, 0.95, 1);
        (double loss, double accuracy) = model.Evaluate(test);
        Assert.Equal(history.Epochs[^1].ValidationLoss, loss);
        Assert.Equal(history.Epochs[^1].Figure("val_accuracy"), accuracy);
    }

    [Theory]
    [InlineData("sgd")]
    [InlineData("momentum")]
    [InlineData("adamw")]
    [InlineData("rmsprop")]
    public void Every_optimizer_learns(string name)
    {
        using Sequential model = Compiled(name switch
        {
            "sgd" => new Sgd(0.1),
            "momentum" => new Sgd(0.02) { Momentum = 0.9f, Nesterov = true },
            "adamw" => new AdamW(0.01),
            _ => new RmsProp(0.003),
        });
        model.Fit(new Clusters(1000), new FitOptions { Epochs = 4, Seed = 1, ShowProgress = false });
        Assert.InRange(model.Evaluate(new Clusters(500, seed: 2))["accuracy"], 0.9, 1);
    }

    [Fact]
    public void The_same_seed_gives_the_same_bits_for_any_number_of_threads()
    {
        float[][] results = [.. new[] { 1, 2, 3, 2 }.Select(threads =>
        {
            using Sequential model = Compiled(dropout: 0.25f);

            // 70 examples leave a smaller batch at the end of every epoch.
            model.Fit(new Clusters(70), new FitOptions { Epochs = 2, BatchSize = 32, Seed = 5, Threads = threads, ShowProgress = false });
            return Parameters(model);
        })];
        Assert.All(results.Skip(1), result => Assert.Equal(results[0], result));
    }

    [Fact]
    public void Another_seed_gives_other_numbers()
    {
        float[][] results = [.. new ulong[] { 5, 6 }.Select(seed =>
        {
            using Sequential model = Compiled();
            model.Fit(new Clusters(64), new FitOptions { Epochs = 1, Seed = seed, ShowProgress = false });
            return Parameters(model);
        })];
        Assert.NotEqual(results[0], results[1]);
    }

    [Fact]
    public void An_example_gives_the_same_bits_alone_and_in_a_batch()
    {
        using Sequential model = Compiled();
        var data = new Clusters(9);
        var inputs = new float[9 * 64];
        data.Read(Enumerable.Range(0, 9).ToArray(), inputs, new float[9]);
        float[] together = [.. model.Predict(Tensor.Create(inputs, [9, 8, 8, 1]))];
        for (int index = 0; index < 9; index++)
        {
            float[] alone = [.. model.Predict(Tensor.Create(inputs[(index * 64)..((index + 1) * 64)], [1, 8, 8, 1]))];
            Assert.Equal(together[(index * 4)..((index + 1) * 4)], alone);
        }
    }

    [Fact]
    public void A_penalty_shrinks_the_weights_and_is_part_of_the_loss()
    {
        double Norm(float l2, out double loss)
        {
            using Sequential model =
            [
                new Input(Clusters.Size, Clusters.Size, 1),
                new Flatten(),
                new Dense(4) { KernelL2 = l2 },
            ];
            model.Initialize(1);
            model.Compile(new Sgd(0.1), new SparseCategoricalCrossentropy { FromLogits = true });
            History history = model.Fit(new Clusters(320), new FitOptions { Epochs = 3, Seed = 1, ShowProgress = false });
            loss = history.Epochs[^1].Loss;
            float norm = TensorPrimitives.SumOfSquares(model.GetParameter(model.Graph.Parameters[0]));
            double dataLoss = new TensorFreeLoss(model).Of(new Clusters(320));
            Assert.Equal(dataLoss + (l2 * norm), model.Evaluate(new Clusters(320)).Loss, 1e-4);
            return norm;
        }

        double free = Norm(0, out _);
        double held = Norm(0.1f, out _);
        Assert.True(held < free / 2, $"Σw² is {held} with a penalty and {free} without");
    }

    [Fact]
    public void A_frozen_layer_stays_as_it_is()
    {
        using Sequential model =
        [
            new Input(Clusters.Size, Clusters.Size, 1),
            new Conv2D(8, 3) { Activation = Activations.Relu, Trainable = false },
            new BatchNormalization { Trainable = false },
            new Flatten(),
            new Dense(4) { Activation = Activations.Softmax },
        ];
        model.Compile(new Adam(), new SparseCategoricalCrossentropy());
        float[] before = [.. Frozen(model)];
        model.Fit(new Clusters(64), new FitOptions { Epochs = 1, ShowProgress = false });
        Assert.Equal(before, Frozen(model));
        Assert.Equal(["dense/kernel", "dense/bias"], model.Graph.Parameters.Where(parameter => parameter.Trainable).Select(parameter => parameter.Name));

        static IEnumerable<float> Frozen(Sequential model) => model.Graph.Parameters
            .Where(parameter => !parameter.Trainable).SelectMany(parameter => model.GetParameter(parameter).ToArray());
    }

    private static float[] Parameters(Model model) =>
        [.. model.Graph.Parameters.SelectMany(parameter => model.GetParameter(parameter).ToArray())];

    /// <summary>The loss on the data alone, from the outputs.</summary>
    private sealed class TensorFreeLoss(Model model)
    {
        public double Of(Dataset data)
        {
            int length = (int)data.InputShape.ElementCount.Value;
            var inputs = new float[data.Count * length];
            var targets = new float[data.Count];
            data.Read(Enumerable.Range(0, data.Count).ToArray(), inputs, targets);
            float[] logits = [.. model.Predict(Tensor.Create(inputs, [data.Count, .. data.InputShape.Select(dimension => (nint)dimension.Value)]))];
            return Enumerable.Range(0, data.Count).Average(row =>
            {
                IEnumerable<float> own = logits.Skip(row * 4).Take(4);
                return Math.Log(own.Sum(x => Math.Exp(x))) - logits[(row * 4) + (int)targets[row]];
            });
        }
    }
}
