using System.Numerics.Tensors;
using Sepal.Graphs;
using Sepal.Layers;
using Sepal.Training;
using Sepal.Training.Callbacks;
using Sepal.Training.Losses;
using Sepal.Training.Metrics;
using Sepal.Training.Optimizers;
using Xunit;

namespace Sepal.Tests.Training;

/// <summary>Every message says what was received, what was expected, and the fix.</summary>
public class BadTrainingTests
{
    private static Sequential Network() =>
        [new Input(Clusters.Size, Clusters.Size, 1), new Flatten(), new Dense(4) { Activation = Activations.Softmax }];

    private static readonly FitOptions Quiet = new() { Epochs = 1, ShowProgress = false };

    [Fact]
    public void Fitting_before_compiling_says_so()
    {
        using Sequential model = Network();
        Assert.Contains("Compile", Assert.Throws<TrainingException>(() => model.Fit(new Clusters(4), Quiet)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_loss_that_is_not_a_number_stops_training_at_its_step_and_suggests_a_lower_rate()
    {
        using Sequential model = Network();
        model.Compile(new Adam(), new SparseCategoricalCrossentropy());
        TrainingException error = Assert.Throws<TrainingException>(() =>
            model.Fit(new Poisoned(new Clusters(96), poison: 70), new FitOptions { Shuffle = false, ShowProgress = false }));
        Assert.Contains("NaN", error.Message, StringComparison.Ordinal);
        Assert.Contains("step 3", error.Message, StringComparison.Ordinal);
        Assert.Contains("lower learning rate", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_rate_that_is_far_too_high_is_found_out()
    {
        using Sequential model = [new Input(Clusters.Size, Clusters.Size, 1), new Flatten(), new Dense(1)];
        model.Compile(new Sgd(1e6), new MeanSquaredError());
        TrainingException error = Assert.Throws<TrainingException>(() => model.Fit(
            new Regression(new Clusters(640)), new FitOptions { Epochs = 20, ShowProgress = false }));
        Assert.Contains("lower learning rate", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Data_of_another_shape_are_refused()
    {
        using Sequential model = [new Input(9, 8, 1), new Flatten(), new Dense(4)];
        model.Compile(new Adam(), new SparseCategoricalCrossentropy());
        TrainingException error = Assert.Throws<TrainingException>(() => model.Fit(new Clusters(4), Quiet));
        Assert.Contains("(8, 8, 1)", error.Message, StringComparison.Ordinal);
        Assert.Contains("(9, 8, 1)", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void More_classes_in_the_data_than_in_the_model_are_found_out()
    {
        using Sequential model = [new Input(Clusters.Size, Clusters.Size, 1), new Flatten(), new Dense(3)];
        model.Compile(new Adam(), new SparseCategoricalCrossentropy { FromLogits = true });
        TrainingException error = Assert.Throws<TrainingException>(() => model.Fit(new Clusters(64), Quiet));
        Assert.Contains("from 0 to 2", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0, 32, 1)]
    [InlineData(1, 0, 1)]
    [InlineData(1, 32, 0)]
    [InlineData(-3, 32, 1)]
    public void Numbers_below_one_are_refused(int epochs, int batch, int threads)
    {
        using Sequential model = Network();
        model.Compile(new Adam(), new SparseCategoricalCrossentropy());
        Assert.Throws<TrainingException>(() => model.Fit(
            new Clusters(4), new FitOptions { Epochs = epochs, BatchSize = batch, Threads = threads, ShowProgress = false }));
    }

    [Fact]
    public void A_cancelled_run_stops_and_keeps_what_was_learned()
    {
        using Sequential model = Network();
        model.Compile(new Adam(), new SparseCategoricalCrossentropy());
        using var source = new CancellationTokenSource();
        float[] before = model.GetParameter(model.Graph.Parameters[0]).ToArray();
        var ended = new EndRecorder(source);
        Assert.ThrowsAny<OperationCanceledException>(() => model.Fit(
            new Clusters(320), new FitOptions { Epochs = 100, ShowProgress = false, Callbacks = [ended], CancellationToken = source.Token }));
        Assert.Equal(1, ended.Epochs);
        Assert.True(ended.Ended);
        Assert.NotEqual(before, model.GetParameter(model.Graph.Parameters[0]).ToArray());
        Assert.InRange(model.Evaluate(new Clusters(10)).Loss, 0, 100);
    }

    [Fact]
    public void A_parameter_that_the_loss_does_not_reach_is_named()
    {
        // The relu of minus one is zero but still a path; a branch that is not an output is not in the graph at all.
        var input = new Input(Clusters.Size, Clusters.Size, 1);
        LayerOutput flat = new Flatten().Apply(input);
        LayerOutput unused = new Dense(2).Apply(flat);
        using var model = new Model(input, new Dense(4).Apply(flat));
        Assert.DoesNotContain(model.Graph.Nodes, node => node.Name == "dense_1" && unused is null);
        Assert.Equal(2, model.Graph.Parameters.Length);
    }

    [Fact]
    public void Prediction_refuses_another_shape_and_an_empty_batch()
    {
        using Sequential model = Network();
        SepalException error = Assert.Throws<SepalException>(() => model.Predict(Tensor.Create(new float[64], [8, 8, 1])));
        Assert.Contains("(batch, 8, 8, 1)", error.Message, StringComparison.Ordinal);
        Assert.Throws<SepalException>(() => model.Predict(Tensor.Create(Array.Empty<float>(), [0, 8, 8, 1])));
        Assert.Throws<GraphException>(() => model.Activation("nowhere", Tensor.Create(new float[64], [1, 8, 8, 1])));
    }

    [Fact]
    public void Counts_of_inputs_and_targets_must_agree() =>
        Assert.Contains(
            "2 inputs and 3 targets",
            Assert.Throws<SepalException>(() => new TensorDataset(Tensor.Create(new float[8], [2, 4]), [0, 1, 2])).Message,
            StringComparison.Ordinal);

    [Fact]
    public void Two_metrics_of_one_name_are_refused_before_training()
    {
        using Sequential model = Network();
        TrainingException error = Assert.Throws<TrainingException>(
            () => model.Compile(new Adam(), new SparseCategoricalCrossentropy(), new Accuracy(), new Accuracy()));
        Assert.Contains("'accuracy'", error.Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentNullException>(() => model.Compile(new Adam(), new SparseCategoricalCrossentropy(), [null!]));
    }

    [Fact]
    public void A_parameter_of_another_model_is_refused()
    {
        using Sequential model = Network();
        using Sequential other = Network();
        Assert.Contains(
            "'dense/kernel' is not one of this model",
            Assert.Throws<SepalException>(() => model.GetParameter(other.Graph.Parameters[0])).Message,
            StringComparison.Ordinal);
        Assert.Throws<SepalException>(() => model.SetParameter(other.Graph.Parameters[0], []));
        Assert.Throws<ArgumentNullException>(() => model.GetParameter(null!));
    }

    [Fact]
    public void A_value_with_more_elements_than_kernels_count_is_named()
    {
        // 3,600,000,000 elements: as a 32-bit number, less than none.
        using Sequential model = [new Input(60_000, 60_000, 1), new MaxPooling2D(60_000), new Flatten()];
        SepalException error = Assert.Throws<SepalException>(() => model.MeasureLatency(runs: 1));
        Assert.Contains("'input'", error.Message, StringComparison.Ordinal);
        Assert.Contains("3,600,000,000 elements", error.Message, StringComparison.Ordinal);

        using Sequential widening = [new Input(1_000, 1_000, 1), new Conv2D(3_600, 1)];
        Assert.Contains(
            "'conv2d'",
            Assert.Throws<SepalException>(() => widening.MeasureLatency(runs: 1)).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void A_parameter_with_more_numbers_than_kernels_count_is_named() =>
        Assert.Contains(
            "'dense/kernel' (60000, 60000) has 3,600,000,000 numbers",
            Assert.Throws<SepalException>(() => new Sequential(new Input(60_000), new Dense(60_000))).Message,
            StringComparison.Ordinal);

    private sealed class EndRecorder(CancellationTokenSource source) : Callback
    {
        public int Epochs { get; private set; }

        public bool Ended { get; private set; }

        public override bool OnEpochEnd(Model model, EpochResult result)
        {
            Epochs++;
            source.Cancel();
            return true;
        }

        public override void OnTrainingEnd(Model model) => Ended = true;
    }

    private sealed class Poisoned(Dataset inner, int poison) : Dataset
    {
        public override int Count => inner.Count;

        public override Shape InputShape => inner.InputShape;

        public override Shape TargetShape => inner.TargetShape;

        public override void Read(ReadOnlySpan<int> indices, Span<float> inputs, Span<float> targets)
        {
            inner.Read(indices, inputs, targets);
            if (indices.IndexOf(poison) is var position and >= 0)
            {
                inputs[position * Clusters.Size * Clusters.Size] = float.NaN;
            }
        }
    }

    private sealed class Regression(Dataset inner) : Dataset
    {
        public override int Count => inner.Count;

        public override Shape InputShape => inner.InputShape;

        public override Shape TargetShape { get; } = [1];

        public override void Read(ReadOnlySpan<int> indices, Span<float> inputs, Span<float> targets) =>
            inner.Read(indices, inputs, targets);
    }
}
