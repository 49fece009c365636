using Sepal.Graphs;
using Sepal.Inference;
using Sepal.Layers;
using Sepal.Training;
using Sepal.Training.Checkpoints;
using Sepal.Training.Losses;
using Sepal.Training.Metrics;
using Sepal.Training.Optimizers;
using Xunit;

namespace Sepal.Tests.Training;

public sealed class DistillationTests
{
    private static readonly Clusters Data = new(70);

    [Theory]
    [InlineData(1, 1)]
    [InlineData(4, 0.7)]
    [InlineData(0.5, 0.3)]
    public void Term_and_gradient_agree_with_the_paper_in_double_precision(double temperature, double share)
    {
        float[] student = [1, -2, 0.5f, 3];
        float[] teacher = [0.2f, 2, -1, 1];
        var gradient = new float[4];
        gradient[0] = 10;
        float value = DistillationRow.Add(student, teacher, temperature, share, scale: 0.25f, gradient);
        Assert.Equal(Paper([.. student.Select(x => (double)x)]), value, 1e-5);
        for (int index = 0; index < 4; index++)
        {
            double[] above = [.. student];
            double[] below = [.. student];
            above[index] += 1e-5;
            below[index] -= 1e-5;
            double slope = 0.25 * (Paper(above) - Paper(below)) / 2e-5;
            Assert.Equal(slope, gradient[index] - (index == 0 ? 10 : 0), 1e-5);
        }

        double Paper(double[] logits)
        {
            double[] wanted = Softmax([.. teacher.Select(x => x / temperature)]);
            double[] given = Softmax([.. logits.Select(x => x / temperature)]);
            return share * temperature * temperature * wanted.Zip(given, (p, q) => p * Math.Log(p / q)).Sum();
        }
    }

    [Fact]
    public void A_teacher_of_probabilities_or_logits_from_memory_or_from_a_file_teaches_the_same()
    {
        using Sequential logits = Network(seed: 5, softmax: false);
        using Sequential probabilities = Network(seed: 5, softmax: true);
        using InferenceSession file = Exported(probabilities);
        using InferenceSession fileOfLogits = Exported(logits);
        float[] expected = Fit(new Distillation(logits) { Temperature = 3, Alpha = 0.8 });
        Close(expected, Fit(new Distillation(probabilities) { Temperature = 3, Alpha = 0.8 }));
        Close(expected, Fit(new Distillation(file) { Temperature = 3, Alpha = 0.8 }));
        Close(expected, Fit(new Distillation(fileOfLogits) { Temperature = 3, Alpha = 0.8 }));
        Assert.True(Distance(expected, Fit(null)) > 0.01, "The teacher must make a difference.");
        Assert.True(Distance(expected, Fit(new Distillation(logits) { Temperature = 0.2, Alpha = 0.8 })) > 0.001, "The temperature must make a difference.");

        static void Close(float[] expected, float[] actual) => Assert.True(Distance(expected, actual) < 1e-4, $"{Distance(expected, actual)}");
    }

    [Fact]
    public void A_share_of_zero_is_training_without_a_teacher()
    {
        using Sequential teacher = Network(seed: 5, softmax: true);
        Assert.True(Distance(Fit(null), Fit(new Distillation(teacher) { Alpha = 0 })) < 1e-6);
    }

    [Fact]
    public void A_share_of_one_learns_the_teacher_whatever_the_targets_say()
    {
        using Sequential teacher = Network(seed: 5, softmax: true);
        teacher.Compile(new Adam(0.01), new SparseCategoricalCrossentropy(), new Accuracy());
        teacher.Fit(new Clusters(400), new FitOptions { Epochs = 5, ShowProgress = false });
        using Sequential student = Network(seed: 6, softmax: true);
        student.Compile(new Adam(0.01), new SparseCategoricalCrossentropy(), new Accuracy());
        student.Fit(
            new WrongTargets(new Clusters(400)),
            new FitOptions { Epochs = 5, ShowProgress = false, Distillation = new Distillation(teacher) { Alpha = 1 } });
        Assert.InRange(student.Evaluate(new Clusters(200, seed: 2))["accuracy"], 0.9, 1);
    }

    [Fact]
    public void The_bits_do_not_depend_on_threads()
    {
        using Sequential teacher = Network(seed: 5, softmax: true);
        Assert.Equal(Fit(new Distillation(teacher), threads: 1), Fit(new Distillation(teacher), threads: 4));
    }

    [Fact]
    public void A_teacher_that_does_not_fit_is_refused_and_told_why()
    {
        using Sequential fewer = [new Input(Clusters.Size, Clusters.Size, 1), new Flatten(), new Dense(3)];
        using Sequential larger = [new Input(Clusters.Size, 9, 1), new Flatten(), new Dense(4)];
        Refused("tells 3 classes apart", fewer);
        Refused("the model's examples have (8, 8, 1)", larger);

        using Sequential regression = [new Input(Clusters.Size, Clusters.Size, 1), new Flatten(), new Dense(4)];
        regression.Compile(new Sgd(), new MeanSquaredError());
        TrainingException error = Assert.Throws<TrainingException>(() => regression.Fit(
            new OneHotTargets(Data), new FitOptions { ShowProgress = false, Distillation = new Distillation(fewer) }));
        Assert.Contains("needs the logits of classes", error.Message, StringComparison.Ordinal);

        static void Refused(string expected, Model teacher) => Assert.Contains(
            expected,
            Assert.Throws<TrainingException>(() => Fit(new Distillation(teacher))).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void Settings_out_of_range_are_refused()
    {
        using Sequential teacher = Network(seed: 5, softmax: true);
        Assert.Contains("temperature", Assert.Throws<SepalException>(() => new Distillation(teacher) { Temperature = 0 }).Message, StringComparison.Ordinal);
        Assert.Contains("share", Assert.Throws<SepalException>(() => new Distillation(teacher) { Alpha = 1.1 }).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_run_is_not_resumed_with_another_teacher()
    {
        using var directory = new TemporaryDirectory();
        using Sequential first = Network(seed: 5, softmax: true);
        using Sequential second = Network(seed: 6, softmax: true);
        var options = new CheckpointOptions { Directory = directory.File("checkpoints") };
        Fit(new Distillation(first), checkpoints: options);
        Fit(new Distillation(first), checkpoints: options, resume: true);
        CheckpointException error = Assert.Throws<CheckpointException>(
            () => Fit(new Distillation(second), checkpoints: options, resume: true));
        Assert.Contains("distillation", error.Message, StringComparison.Ordinal);
    }

    private static float[] Fit(
        Distillation? distillation, int threads = 2, CheckpointOptions? checkpoints = null, bool resume = false)
    {
        using Sequential student = Network(seed: 6, softmax: true);
        student.Compile(new Sgd(0.05), new SparseCategoricalCrossentropy(), new Accuracy());
        student.Fit(Data, new FitOptions
        {
            Epochs = 2,
            BatchSize = 16,
            ShowProgress = false,
            Threads = threads,
            Distillation = distillation,
            Checkpoints = checkpoints,
            Resume = resume,
        });
        return [.. student.Graph.Parameters.SelectMany(parameter => student.GetParameter(parameter).ToArray())];
    }

    private static double Distance(float[] left, float[] right) => left.Zip(right, (x, y) => Math.Abs((double)x - y)).Max();

    private static double[] Softmax(double[] x)
    {
        double sum = x.Sum(Math.Exp);
        return [.. x.Select(value => Math.Exp(value) / sum)];
    }

    // Two channels, so that the axes' order makes a difference inside.
    private static Sequential Network(ulong seed, bool softmax)
    {
        Sequential model =
        [
            new Input(Clusters.Size, Clusters.Size, 1),
            new Conv2D(6, 3) { Activation = Activations.Relu },
            new MaxPooling2D(2),
            new Flatten(),
            new Dense(4) { Activation = softmax ? Activations.Softmax : null },
        ];
        model.Initialize(seed);
        return model;
    }

    private static InferenceSession Exported(Model model)
    {
        using var stream = new MemoryStream();
        model.ExportOnnx(stream);
        stream.Position = 0;
        return new InferenceSession(stream);
    }

    private sealed class WrongTargets(Dataset inner) : Dataset
    {
        public override int Count => inner.Count;

        public override Shape InputShape => inner.InputShape;

        public override Shape TargetShape => inner.TargetShape;

        public override void Read(ReadOnlySpan<int> indices, Span<float> inputs, Span<float> targets)
        {
            inner.Read(indices, inputs, targets);
            targets.Clear();
        }
    }
}
