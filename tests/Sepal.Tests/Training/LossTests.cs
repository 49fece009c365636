using Sepal.Graphs;
using Sepal.Training;
using Sepal.Training.Losses;
using Xunit;

namespace Sepal.Tests.Training;

public class LossTests
{
    private const int Classes = 5;
    private const float Smoothing = 0.2f;

    public static TheoryData<string, Loss, bool> Cases => new()
    {
        { "sparse, fused", new SparseCategoricalCrossentropy(), true },
        { "sparse, logits", new SparseCategoricalCrossentropy { FromLogits = true }, false },
        { "sparse, probabilities", new SparseCategoricalCrossentropy(), false },
        { "categorical, fused", new CategoricalCrossentropy(), true },
        { "categorical, logits", new CategoricalCrossentropy { FromLogits = true }, false },
        { "categorical, probabilities", new CategoricalCrossentropy(), false },
        { "binary, fused", new BinaryCrossentropy(), true },
        { "binary, logits", new BinaryCrossentropy { FromLogits = true }, false },
        { "binary, probabilities", new BinaryCrossentropy(), false },
        { "mean squared error", new MeanSquaredError(), false },
        { "sparse, smoothed, fused", new SparseCategoricalCrossentropy { LabelSmoothing = Smoothing }, true },
        { "sparse, smoothed, probabilities", new SparseCategoricalCrossentropy { LabelSmoothing = Smoothing }, false },
        { "categorical, smoothed, fused", new CategoricalCrossentropy { LabelSmoothing = Smoothing }, true },
        { "categorical, smoothed, probabilities", new CategoricalCrossentropy { LabelSmoothing = Smoothing }, false },
        { "binary, smoothed, fused", new BinaryCrossentropy { LabelSmoothing = Smoothing }, true },
        { "binary, smoothed, probabilities", new BinaryCrossentropy { LabelSmoothing = Smoothing }, false },
    };

    [Theory]
    [MemberData(nameof(Cases))]
    public void Loss_and_gradient_agree_with_the_textbook_in_double_precision(string name, Loss loss, bool fused)
    {
        var random = new Random(1);
        bool probabilities = name.EndsWith("probabilities", StringComparison.Ordinal);
        for (int trial = 0; trial < 20; trial++)
        {
            double[] source = [.. Enumerable.Range(0, Classes).Select(_ => probabilities ? 0.05 + (0.9 * random.NextDouble()) : (6 * random.NextDouble()) - 3)];
            float[] target = name[0] switch
            {
                's' => [random.Next(Classes)],
                'c' => OneHot(random.Next(Classes)),
                'b' => [.. Enumerable.Range(0, Classes).Select(_ => (float)random.Next(2))],
                _ => [.. Enumerable.Range(0, Classes).Select(_ => random.NextSingle())],
            };
            var gradient = new float[Classes];
            const float Scale = 0.25f;
            float value = loss.Example(fused, [.. source.Select(x => (float)x)], target, Classes, Scale, gradient);

            Assert.Equal(Textbook(name, source, target), value, 1e-5 * (1 + Math.Abs(value)));
            for (int index = 0; index < Classes; index++)
            {
                const double Step = 1e-5;
                double[] above = [.. source];
                double[] below = [.. source];
                above[index] += Step;
                below[index] -= Step;
                double slope = Scale * (Textbook(name, above, target) - Textbook(name, below, target)) / (2 * Step);
                Assert.True(
                    Math.Abs(slope - gradient[index]) <= 1e-5 * (1 + Math.Abs(slope)),
                    $"{name}: gradient {index} is {gradient[index]}, expected {slope} (trial {trial}, seed 1)");
            }
        }
    }

    [Fact]
    public void Fused_crossentropy_is_finite_for_extreme_logits()
    {
        var gradient = new float[3];
        float loss = new SparseCategoricalCrossentropy().Example(true, [1000, -1000, 0], [1], 3, 1, gradient);
        Assert.Equal(2000, loss);
        Assert.Equal([1, -1, 0], gradient);

        var binary = new float[2];
        Assert.Equal(500, new BinaryCrossentropy().Example(true, [1000, -1000], [0, 0], 2, 1, binary));
        Assert.Equal([0.5f, 0], binary);
    }

    [Theory]
    [InlineData(10)]
    [InlineData(-1)]
    [InlineData(1.5f)]
    [InlineData(float.NaN)]
    public void A_class_number_out_of_range_is_refused(float target)
    {
        TrainingException error = Assert.Throws<TrainingException>(
            () => new SparseCategoricalCrossentropy().RequireTargets([0, target], 10));
        Assert.Contains("from 0 to 9", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(-0.1f)]
    [InlineData(1f)]
    [InlineData(float.NaN)]
    public void A_label_smoothing_out_of_range_is_refused(float smoothing)
    {
        Refused(() => new SparseCategoricalCrossentropy { LabelSmoothing = smoothing });
        Refused(() => new CategoricalCrossentropy { LabelSmoothing = smoothing });
        Refused(() => new BinaryCrossentropy { LabelSmoothing = smoothing });

        static void Refused(Func<Loss> make) =>
            Assert.Contains("label smoothing", Assert.Throws<SepalException>(make).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void One_hot_targets_for_the_sparse_loss_are_refused_with_the_way_out()
    {
        TrainingException error = Assert.Throws<TrainingException>(() =>
            new SparseCategoricalCrossentropy().RequireShapes(new TensorSpec([Dimension.Batch, 10]), [10]));
        Assert.Contains("CategoricalCrossentropy", error.Message, StringComparison.Ordinal);
    }

    private static float[] OneHot(int @class) => [.. Enumerable.Range(0, Classes).Select(index => index == @class ? 1f : 0)];

    private static double Textbook(string name, double[] source, float[] target)
    {
        double[] Softmax(double[] x)
        {
            double sum = x.Sum(Math.Exp);
            return [.. x.Select(value => Math.Exp(value) / sum)];
        }

        double smoothing = name.Contains("smoothed", StringComparison.Ordinal) ? Smoothing : 0;
        double Smooth(double share, int classes) => (share * (1 - smoothing)) + (smoothing / classes);
        bool logits = !name.EndsWith("probabilities", StringComparison.Ordinal);
        double Crossentropy(float[] shares) =>
            -(logits ? Softmax(source) : source).Zip(shares, (p, t) => Smooth(t, Classes) * Math.Log(p)).Sum();
        switch (name[0])
        {
            case 's':
                return Crossentropy(OneHot((int)target[0]));
            case 'c':
                return Crossentropy(target);
            case 'b':
                double[] shares = logits ? [.. source.Select(x => 1 / (1 + Math.Exp(-x)))] : source;
                return -shares.Zip(target, (p, t) => (Smooth(t, 2) * Math.Log(p)) + ((1 - Smooth(t, 2)) * Math.Log(1 - p))).Average();
            default:
                return source.Zip(target, (x, t) => (x - t) * (x - t)).Average();
        }
    }
}
