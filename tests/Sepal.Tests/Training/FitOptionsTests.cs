using Sepal.Graphs;
using Sepal.Layers;
using Sepal.Training;
using Sepal.Training.Callbacks;
using Sepal.Training.Losses;
using Sepal.Training.Metrics;
using Sepal.Training.Optimizers;
using Xunit;

namespace Sepal.Tests.Training;

/// <summary>Class weights, clipping and averages: each changes training as it says, and no more.</summary>
public sealed class FitOptionsTests
{
    private static readonly Clusters Data = new(96);

    [Fact]
    public void Equal_class_weights_are_a_factor_of_the_learning_rate_and_of_the_training_loss()
    {
        (float[] weighted, History twice) = Fit(new Sgd(0.05), Options(classWeights: [2, 2, 2, 2]));
        (float[] plain, History once) = Fit(new Sgd(0.1), Options());
        Assert.Equal(plain, weighted);
        Assert.Equal(once.Epochs[0].Loss * 2, twice.Epochs[0].Loss, 1e-6);
        Assert.Equal(once.Epochs[0].ValidationLoss, twice.Epochs[0].ValidationLoss);
    }

    [Fact]
    public void Examples_of_a_class_of_weight_zero_teach_nothing()
    {
        Dataset first = new OneClass(Data, 0);
        (float[] before, _) = Fit(new Sgd(0), Options());
        (float[] after, _) = Fit(new Sgd(0.1), Options(classWeights: [0, 1, 1, 1]), first);
        (float[] moved, _) = Fit(new Sgd(0.1), Options(classWeights: [1, 0, 0, 0]), first);
        Assert.Equal(before, after);
        Assert.NotEqual(before, moved);
    }

    [Theory]
    [InlineData(new float[] { 1, 1 }, "2 class weights")]
    [InlineData(new float[] { 1, 1, -1, 1 }, "class 2")]
    [InlineData(new float[] { 1, 1, 1, float.NaN }, "class 3")]
    public void Class_weights_that_do_not_fit_are_refused(float[] weights, string expected)
    {
        TrainingException error = Assert.Throws<TrainingException>(() => Fit(new Sgd(0.1), Options(classWeights: weights)));
        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Gradients_above_the_norm_are_scaled_down_to_it_all_together()
    {
        var seen = new Seen();
        (float[] before, _) = Fit(new Sgd(0), Options(batchSize: 96));
        (float[] after, _) = Fit(new Sgd(1), Options(batchSize: 96, clipNorm: 0.01, reducer: seen));
        double norm = Math.Sqrt(seen.Gradients.Sum(gradient => (double)gradient * gradient));
        Assert.True(norm > 0.02, "The bound must be below the norm for this test to say anything.");
        float[] expected = [.. seen.Gradients.Select(gradient => (float)(gradient * 0.01 / norm)).Where(move => move != 0)];
        float[] moves = [.. before.Zip(after, (from, to) => from - to)];
        Assert.Equal(0.01, Math.Sqrt(moves.Sum(move => (double)move * move)), 1e-6);
        Assert.Equal(expected.Max(), moves.Max(), 1e-6);
    }

    [Fact]
    public void Gradients_below_the_norm_keep_their_bits() =>
        Assert.Equal(Fit(new Adam(), Options()).Weights, Fit(new Adam(), Options(clipNorm: 1e6)).Weights);

    [Fact]
    public void Clipping_and_averaging_give_the_same_bits_for_any_number_of_threads() => Assert.Equal(
        Fit(new Adam(), Options(clipNorm: 0.1, average: 0.9, threads: 1)).Weights,
        Fit(new Adam(), Options(clipNorm: 0.1, average: 0.9, threads: 4)).Weights);

    [Fact]
    public void Gradients_that_are_not_finite_are_named_when_they_are_clipped()
    {
        TrainingException error = Assert.Throws<TrainingException>(
            () => Fit(new Sgd(0.1), Options(clipNorm: 1, reducer: new Infinite())));
        Assert.Contains("norm of the gradients became infinite at step 1", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Averages_follow_every_step_and_are_what_validation_callbacks_and_the_caller_see()
    {
        using Sequential model = Network();
        model.Compile(new Adam(0.01), new SparseCategoricalCrossentropy(), new Accuracy());
        var recorder = new AverageRecorder(model, 0.8);
        History history = model.Fit(Data, Options(epochs: 2, average: 0.8, callbacks: recorder));

        Assert.Equal(2, recorder.AtEpochEnd.Count);
        Assert.All(recorder.AtEpochEnd, pair => Close(pair.Expected, pair.Seen));
        Close(recorder.Average, Weights(model));
        Assert.True(recorder.Raw.Zip(Weights(model)).Any(pair => Math.Abs(pair.First - pair.Second) > 1e-4), "The averages must differ from the weights.");
        Assert.Equal(history.Epochs[^1].ValidationLoss, model.Evaluate(Options().Validation!).Loss);

        static void Close(double[] expected, float[] seen)
        {
            Assert.Equal(expected.Length, seen.Length);
            Assert.All(expected.Zip(seen), pair => Assert.Equal(pair.First, pair.Second, 1e-4 * (1 + Math.Abs(pair.First))));
        }
    }

    [Fact]
    public void Averages_do_not_change_the_steps()
    {
        (_, History plain) = Fit(new Adam(), Options(epochs: 2));
        (_, History averaged) = Fit(new Adam(), Options(epochs: 2, average: 0.9));
        Assert.Equal(plain.Epochs.Select(epoch => epoch.Loss), averaged.Epochs.Select(epoch => epoch.Loss));
    }

    [Fact]
    public void Options_out_of_range_are_refused()
    {
        Refused("ClipNorm", Options(clipNorm: 0));
        Refused("ClipNorm", Options(clipNorm: double.NaN));
        Refused("WeightAverage", Options(average: 1));
        Refused("WeightAverage", Options(average: -0.1));

        static void Refused(string name, FitOptions options) => Assert.Contains(
            name, Assert.Throws<TrainingException>(() => Fit(new Sgd(0.1), options)).Message, StringComparison.Ordinal);
    }

    private static FitOptions Options(
        int epochs = 1,
        int batchSize = 16,
        float[]? classWeights = null,
        double? clipNorm = null,
        double? average = null,
        int threads = 2,
        IGradientReducer? reducer = null,
        params Callback[] callbacks) => new()
        {
            Epochs = epochs,
            BatchSize = batchSize,
            Seed = 1,
            ShowProgress = false,
            Validation = new Clusters(40, seed: 2),
            ClassWeights = classWeights,
            ClipNorm = clipNorm,
            WeightAverage = average,
            Threads = threads,
            GradientReducer = reducer,
            Callbacks = callbacks,
        };

    private static (float[] Weights, History History) Fit(Optimizer optimizer, FitOptions options, Dataset? data = null)
    {
        using Sequential model = Network();
        model.Compile(optimizer, new SparseCategoricalCrossentropy(), new Accuracy());
        History history = model.Fit(data ?? Data, options);
        return (Trainable(model), history);
    }

    // Wide enough for several parts of gradients.
    private static Sequential Network()
    {
        Sequential model =
        [
            new Input(Clusters.Size, Clusters.Size, 1),
            new Conv2D(64, 3) { Activation = Activations.Relu },
            new BatchNormalization { Momentum = 0.8f },
            new Flatten(),
            new Dense(32) { Activation = Activations.Relu },
            new Dense(4) { Activation = Activations.Softmax },
        ];
        model.Initialize(3);
        return model;
    }

    private static float[] Trainable(Model model) => [.. Numbers(model, parameter => parameter.Trainable)];

    private static float[] Weights(Model model) => [.. Numbers(model, _ => true)];

    private static IEnumerable<float> Numbers(Model model, Func<Parameter, bool> which) =>
        model.Graph.Parameters.Where(which).SelectMany(parameter => model.GetParameter(parameter).ToArray());

    private sealed class AverageRecorder(Model model, double decay) : Callback
    {
        public double[] Average { get; private set; } = [];

        public float[] Raw { get; private set; } = [];

        public List<(double[] Expected, float[] Seen)> AtEpochEnd { get; } = [];

        public override void OnBatchEnd(in BatchProgress progress)
        {
            Raw = Weights(model);
            Average = Average.Length == 0
                ? [.. Raw]
                : [.. Average.Zip(Raw, (average, weight) => (average * decay) + (weight * (1 - decay)))];
        }

        public override bool OnEpochEnd(Model model, EpochResult result)
        {
            AtEpochEnd.Add((Average, Weights(model)));
            return true;
        }
    }

    private sealed class Seen : IGradientReducer
    {
        public float[] Gradients { get; private set; } = [];

        public void Reduce(Span<float> gradients) => Gradients = gradients.ToArray();
    }

    private sealed class Infinite : IGradientReducer
    {
        public void Reduce(Span<float> gradients) => gradients[0] = float.PositiveInfinity;
    }

    private sealed class OneClass(Dataset inner, int @class) : Dataset
    {
        private readonly int[] _members = Members(inner, @class);

        public override int Count => _members.Length;

        public override Shape InputShape => inner.InputShape;

        public override Shape TargetShape => inner.TargetShape;

        public override void Read(ReadOnlySpan<int> indices, Span<float> inputs, Span<float> targets) =>
            inner.Read(indices.ToArray().Select(index => _members[index]).ToArray(), inputs, targets);

        private static int[] Members(Dataset inner, int @class)
        {
            int[] all = [.. Enumerable.Range(0, inner.Count)];
            var targets = new float[inner.Count];
            inner.Read(all, new float[inner.Count * Clusters.Size * Clusters.Size], targets);
            return [.. all.Where(index => targets[index] == @class)];
        }
    }
}
