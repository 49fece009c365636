using Sepal.Graphs;
using Sepal.Inference;
using Sepal.Layers;
using Sepal.Onnx;
using Sepal.Operators;
using Sepal.Shrinking;
using Sepal.Tests.Training;
using Sepal.Training;
using Sepal.Training.Losses;
using Sepal.Training.Metrics;
using Sepal.Training.Optimizers;
using Xunit;

namespace Sepal.Tests.Shrinking.FineTuning;

public sealed class FineTunerTests : IDisposable
{
    private readonly Sequential _teacher = Taught();

    public void Dispose() => _teacher.Dispose();

    [Fact]
    public void A_student_learns_from_its_teacher_without_any_label()
    {
        using Sequential student = Network(seed: 6);
        var images = new SecretLabels(new Clusters(400));
        FineTuningResult result = FineTuner.Run(student, _teacher, images, new FineTuningOptions { UsesLabels = false, Epochs = 8, BatchSize = 16, LearningRate = 0.01 });

        Assert.Equal(9, result.Epochs.Count);
        Assert.All(result.Epochs, epoch => Assert.Null(epoch.Accuracy));
        Assert.All(result.Epochs, epoch => Assert.True(double.IsFinite(epoch.Loss ?? 0)));
        Assert.True(result.Best.Agreement > 0.95, $"{result.Best}");
        Assert.True(result.Best.Divergence < 0.2 * result.Before.Divergence, $"{result.Before} {result.Best}");
        Assert.True(AccuracyOf(student) > 0.9);
    }

    [Fact]
    public void Labels_count_where_there_are_some()
    {
        using Sequential student = Network(seed: 6);
        using Sequential ignorant = Network(seed: 9);
        var validation = new Clusters(100, seed: 5);
        FineTuningResult result = FineTuner.Run(
            student, ignorant, new Clusters(400), new FineTuningOptions { Epochs = 8, BatchSize = 16, LearningRate = 0.01, Alpha = 0, Validation = validation });
        Assert.True(result.Best.Accuracy > 0.9, $"{result.Best}");
        student.Compile(new Adam(), new SparseCategoricalCrossentropy(), new Accuracy());
        Assert.Equal(student.Evaluate(validation).Metrics["accuracy"], result.Best.Accuracy!.Value, 1e-9);
        Assert.Equal(result.Epochs.Max(epoch => epoch.Accuracy), result.Best.Accuracy);
    }

    [Fact]
    public void One_hot_labels_do_the_same_as_class_numbers()
    {
        using Sequential one = Network(seed: 6);
        using Sequential other = Network(seed: 6);
        var options = new FineTuningOptions { Epochs = 2, BatchSize = 16 };
        FineTuningResult first = FineTuner.Run(one, _teacher, new Clusters(100), options);
        FineTuningResult second = FineTuner.Run(other, _teacher, new OneHotTargets(new Clusters(100)), options);
        Assert.Equal(first.Best.Accuracy, second.Best.Accuracy);
        Assert.Equal(first.Best.Divergence, second.Best.Divergence, 1e-5);
    }

    [Fact]
    public void A_model_that_only_gets_worse_keeps_its_numbers()
    {
        using Sequential student = Taught();
        float[] before = Numbers(student);
        FineTuningResult result = FineTuner.Run(
            student, _teacher, new Clusters(100), new FineTuningOptions { Epochs = 2, Optimizer = new Sgd(30), ClipNorm = 1 });
        Assert.Equal(0, result.BestEpoch);
        Assert.True(result.Epochs[2].Divergence > result.Before.Divergence);
        Assert.Equal(before, Numbers(student));
    }

    [Fact]
    public void A_run_that_is_cancelled_or_fails_leaves_the_best_epoch_so_far()
    {
        using Sequential student = Network(seed: 6);
        using var source = new CancellationTokenSource();
        var images = new Clusters(200);
        var epochs = new List<FineTuningEpoch>();
        var options = new FineTuningOptions
        {
            UsesLabels = false,
            Epochs = 50,
            BatchSize = 16,
            LearningRate = 0.01,
            Validation = images,
            CancellationToken = source.Token,
            Progress = epoch =>
            {
                epochs.Add(epoch);
                if (epoch.Epoch == 3)
                {
                    source.Cancel();
                }
            },
        };
        Assert.ThrowsAny<OperationCanceledException>(() => FineTuner.Run(student, _teacher, images, options));
        Assert.Equal(4, epochs.Count);
        Assert.True(epochs.Min(epoch => epoch.Divergence) < 0.9 * epochs[0].Divergence);
        FineTuningResult after = FineTuner.Run(student, _teacher, images, options with { Epochs = 1, CancellationToken = default, Progress = null });
        Assert.Equal(epochs.Min(epoch => epoch.Divergence), after.Before.Divergence, 1e-4);

        float[] best = Numbers(student);
        Assert.Throws<TrainingException>(() => FineTuner.Run(
            student, _teacher, images, options with { Epochs = 3, CancellationToken = default, Progress = null, ClipNorm = null, Optimizer = new Sgd(1e30) }));
        Assert.Equal(best, Numbers(student));
    }

    [Theory]
    [InlineData("logits")]
    [InlineData("softmax in the middle of the file")]
    [InlineData("scores at a pixel")]
    public void Any_form_of_output_is_trained_alike(string form)
    {
        using Sequential usual = Network(seed: 6);
        using Model other = form switch
        {
            "logits" => Network(seed: 6, softmax: false),
            "scores at a pixel" => WithEnd(builder => (new Sepal.Operators.Reshape([1, 1, 4]), null)),
            _ => WithEnd(builder => (new Softmax { Axis = 1 }, new Sepal.Operators.Reshape([2, 2]))),
        };
        var options = new FineTuningOptions { Epochs = 2, BatchSize = 16, LearningRate = 0.01 };
        FineTuningResult expected = FineTuner.Run(usual, _teacher, new Clusters(100), options);
        FineTuningResult actual = FineTuner.Run(other, _teacher, new Clusters(100), options);
        Assert.Equal(expected.Best.Divergence, actual.Best.Divergence, 1e-5);
        Assert.Equal(expected.BestEpoch, actual.BestEpoch);
        Assert.True(Numbers(usual).Zip(Numbers(other), (x, y) => Math.Abs(x - y)).Max() < 1e-4);

        static Model WithEnd(Func<GraphBuilder, (Operator First, Operator? Second)> end)
        {
            using Sequential logits = Network(seed: 6, softmax: false);
            var builder = new GraphBuilder();
            var copies = new Dictionary<Value, Value> { [logits.Graph.Inputs[0]] = builder.Input("image", logits.Graph.Inputs[0].Spec) };
            foreach (Parameter parameter in logits.Graph.Parameters)
            {
                copies.Add(parameter, builder.Parameter(
                    parameter.Name, parameter.Shape, new Sepal.Training.Initializers.Given(logits.GetParameter(parameter).ToArray())));
            }

            foreach (Node node in logits.Graph.Nodes)
            {
                copies.Add(node.Output, builder.Add(node.Name, node.Operator, [.. node.Inputs.Select(input => copies[input])]).Output);
            }

            (Operator first, Operator? second) = end(builder);
            Value output = builder.Add("end", first, [copies[logits.Graph.Outputs[0]]]).Output;
            return new Model(builder.Build(second is null ? output : builder.Add("shape", second, [output]).Output));
        }
    }

    [Fact]
    public void A_teacher_may_be_a_session_of_a_file()
    {
        using var stream = new MemoryStream();
        _teacher.ExportOnnx(stream);
        stream.Position = 0;
        using var session = new InferenceSession(stream);
        using Sequential one = Network(seed: 6);
        using Sequential other = Network(seed: 6);
        var options = new FineTuningOptions { UsesLabels = false, Epochs = 2, BatchSize = 16 };
        FineTuningResult expected = FineTuner.Run(one, _teacher, new Clusters(100), options);
        FineTuningResult actual = FineTuner.Run(other, session, new Clusters(100), options);
        Assert.Equal(expected.Best.Divergence, actual.Best.Divergence, 1e-5);
    }

    [Theory]
    [InlineData(false, false)]
    [InlineData(false, true)]
    [InlineData(true, false)]
    [InlineData(true, true)]
    public void A_file_is_trained_on_with_batch_normalization_or_without(bool folded, bool foreign)
    {
        Sequential network =
        [
            new Input(Clusters.Size, Clusters.Size, 1),
            new DepthwiseConv2D(3) { DepthMultiplier = 4, UseBias = false },
            new Sepal.Layers.BatchNormalization(),
            new Sepal.Layers.Activation(Activations.Relu),
            new Conv2D(8, 1) { Activation = Activations.Relu },
            new Sepal.Layers.Dropout(0.1f),
            new Sepal.Layers.Flatten(),
            new Sepal.Layers.Dense(4) { Activation = Activations.Softmax },
        ];
        using Model owned = network;
        network.Initialize(3);
        using var stream = new MemoryStream();
        network.ExportOnnx(stream, new OnnxExportOptions { FoldBatchNormalization = folded });
        using Model student = foreign ? ForeignFile.Import(stream.ToArray()) : OnnxModel.Import(stream.ToArray());
        FineTuningResult result = FineTuner.Run(
            student, _teacher, new Clusters(300), new FineTuningOptions { UsesLabels = false, Epochs = 15, BatchSize = 16, LearningRate = 0.01 });
        Assert.True(result.Best.Agreement > 0.9, $"{result.Best}");
        Assert.True(result.BestEpoch > 0);
    }

    [Fact]
    public void Normalizations_that_are_put_in_help_and_are_gone_in_the_end()
    {
        using Sequential with = Network(seed: 6);
        using Sequential without = Network(seed: 6);
        using Sequential before = Network(seed: 6);
        Assert.Equal(Numbers(before), Numbers(with));
        var options = new FineTuningOptions { UsesLabels = false, Epochs = 6, BatchSize = 16, LearningRate = 0.01 };
        var images = new Clusters(300);
        FineTuningResult normalized = FineTuner.Run(with, _teacher, images, options);
        FineTuningResult plain = FineTuner.Run(without, _teacher, images, options with { AddBatchNormalization = false });
        Assert.Equal(plain.Before.Divergence, normalized.Before.Divergence, 1e-5);
        Assert.NotEqual(Numbers(with), Numbers(without));

        // What was measured with the normalisations is what the model gives without them.
        FineTuningResult again = FineTuner.Run(with, _teacher, images, options with { Epochs = 1, AddBatchNormalization = false });
        Assert.True(normalized.BestEpoch > 0);
        Assert.Equal(normalized.Best.Divergence, again.Before.Divergence, 1e-4);
        Assert.DoesNotContain(with.Graph.Nodes, node => node.Operator is Sepal.Operators.BatchNormalization);
    }

    [Fact]
    public void Frozen_layers_stay_as_they_are()
    {
        using Sequential whole = Network(seed: 6);
        using Model student = whole.Freeze("conv2d");
        FineTuningResult result = FineTuner.Run(
            student, _teacher, new Clusters(200), new FineTuningOptions { UsesLabels = false, Epochs = 8, BatchSize = 16, LearningRate = 0.01 });
        Assert.True(result.BestEpoch > 0, string.Join("; ", result.Epochs));
        Parameter kernel = student.Graph.Parameters[0];
        Assert.Equal(whole.GetParameter(whole.Graph.Parameters[0]).ToArray(), student.GetParameter(kernel).ToArray());
        Assert.NotEqual(whole.GetParameter(whole.Graph.Parameters[2]).ToArray(), student.GetParameter(student.Graph.Parameters[2]).ToArray());
    }

    [Fact]
    public void Threads_make_no_difference()
    {
        using Sequential one = Network(seed: 6);
        using Sequential other = Network(seed: 6);
        var options = new FineTuningOptions { Epochs = 2, BatchSize = 16 };
        FineTuner.Run(one, _teacher, new Clusters(100), options with { Threads = 1 });
        FineTuner.Run(other, _teacher, new Clusters(100), options with { Threads = 3 });
        Assert.Equal(Numbers(one), Numbers(other));
    }

    [Fact]
    public void Images_are_held_out_evenly_and_each_is_in_one_part()
    {
        var data = new Clusters(95);
        (Dataset remaining, Dataset heldOut) = ImageSelection.HoldOut(data, 0.2);
        Assert.Equal((76, 19), (remaining.Count, heldOut.Count));
        var all = new HashSet<string>();
        foreach (Dataset part in new[] { remaining, heldOut })
        {
            var pixels = new float[Clusters.Size * Clusters.Size];
            for (int index = 0; index < part.Count; index++)
            {
                part.Read([index], pixels, new float[1]);
                Assert.True(all.Add(string.Join(' ', pixels)));
            }
        }

        Assert.Equal(95, all.Count);
        Assert.Throws<TrainingException>(() => ImageSelection.HoldOut(new Clusters(1), 0.2));
    }

    [Fact]
    public void What_does_not_fit_is_refused_with_a_reason()
    {
        using Sequential student = Network(seed: 6);
        var images = new Clusters(50);
        Refused("The model to fine-tune and its teacher are the same", () => FineTuner.Run(student, student, images));
        Refused("0 epochs make no sense", () => FineTuner.Run(student, _teacher, images, new FineTuningOptions { Epochs = 0 }));
        Refused("The share of images held out is 1", () => FineTuner.Run(student, _teacher, images, new FineTuningOptions { ValidationShare = 1 }));
        using Sequential gate =
        [
            new Input(Clusters.Size, Clusters.Size, 1),
            new Sepal.Layers.Flatten(),
            new Sepal.Layers.Dense(4) { Activation = Activations.Sigmoid },
        ];
        Refused("ends in a sigmoid", () => FineTuner.Run(gate, _teacher, images));
        using Sequential larger = [new Input(9, 8, 1), new Sepal.Layers.Flatten(), new Sepal.Layers.Dense(4)];
        Refused("The data set's images have the shape (8, 8, 1), but the model's input", () => FineTuner.Run(larger, _teacher, images));
        using Sequential fewer = [new Input(8, 8, 1), new Sepal.Layers.Flatten(), new Sepal.Layers.Dense(3)];
        Refused("The teacher tells 4 classes apart", () => FineTuner.Run(fewer, _teacher, images));
        using Model frozen = student.Freeze();
        Refused("no trainable parameter", () => FineTuner.Run(frozen, _teacher, images));

        static void Refused(string message, Action action) =>
            Assert.Contains(message, Assert.ThrowsAny<SepalException>(action).Message, StringComparison.Ordinal);
    }

    private static double AccuracyOf(Model model)
    {
        model.Compile(new Adam(), new SparseCategoricalCrossentropy(), new Accuracy());
        return model.Evaluate(new Clusters(200, seed: 5)).Metrics["accuracy"];
    }

    private static float[] Numbers(Model model) => [.. model.Graph.Parameters.SelectMany(parameter => model.GetParameter(parameter).ToArray())];

    private static Sequential Taught()
    {
        Sequential model = Network(seed: 5);
        model.Compile(new Adam(0.01), new SparseCategoricalCrossentropy());
        model.Fit(new Clusters(400), new FitOptions { Epochs = 8, ShowProgress = false });
        return model;
    }

    private static Sequential Network(ulong seed, bool softmax = true)
    {
        Sequential model =
        [
            new Input(Clusters.Size, Clusters.Size, 1),
            new Conv2D(6, 3) { Activation = Activations.Relu },
            new MaxPooling2D(2),
            new Sepal.Layers.Flatten(),
            new Sepal.Layers.Dense(4) { Activation = softmax ? Activations.Softmax : null },
        ];
        model.Initialize(seed);
        return model;
    }

    /// <summary>Labels that no loss or metric could take.</summary>
    private sealed class SecretLabels(Dataset inner) : Dataset
    {
        public override int Count => inner.Count;

        public override Shape InputShape => inner.InputShape;

        public override Shape TargetShape => inner.TargetShape;

        public override void Read(ReadOnlySpan<int> indices, Span<float> inputs, Span<float> targets)
        {
            inner.Read(indices, inputs, targets);
            targets.Fill(99);
        }
    }
}
