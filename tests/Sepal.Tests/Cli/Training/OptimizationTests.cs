using Sepal.Cli.Training;
using Sepal.Training.Losses;
using Sepal.Training.Optimizers;
using Sepal.Training.Schedules;
using Xunit;

namespace Sepal.Tests.Cli.Training;

/// <summary>What becomes of the options that say how weights follow gradients.</summary>
public sealed class OptimizationTests
{
    private const double Rate = 0.02;

    private static readonly TrainingSettings Settings = SomeSettings.Value with { Epochs = 4, BatchSize = 16, LearningRate = Rate };

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void The_loss_smooths_labels(bool fromLogits)
    {
        var loss = Assert.IsType<SparseCategoricalCrossentropy>(Optimization.Loss(Settings with { LabelSmoothing = 0.1 }, fromLogits));

        Assert.Equal((fromLogits, 0.1f), (loss.FromLogits, loss.LabelSmoothing));
    }

    [Fact]
    public void Optimizers_have_their_decay_and_momentum()
    {
        Assert.IsType<Adam>(Of("adam"));
        Assert.Equal(0.03f, Assert.IsType<AdamW>(Of("adamw")).WeightDecay);
        Assert.Equal(0.03f, Assert.IsType<RmsProp>(Of("rmsprop")).WeightDecay);
        var sgd = Assert.IsType<Sgd>(Of("sgd"));
        Assert.Equal((0.03f, 0.9f, true), (sgd.WeightDecay, sgd.Momentum, sgd.Nesterov));

        static Optimizer Of(string name) => Optimization.Optimizer(Settings with { Optimizer = name, WeightDecay = 0.03 }, examples: 100);
    }

    /// <summary>100 images in batches of 16 are 7 steps an epoch; after one epoch of warm-up, 21 are left.</summary>
    [Theory]
    [InlineData("constant", Rate, Rate, Rate)]
    [InlineData("step", Rate, Rate / 10, Rate / 100)]
    [InlineData("cosine", Rate, Rate * 0.75, 0)]
    public void The_rate_rises_for_the_warm_up_and_follows_the_schedule_to_the_last_step(string name, double first, double aThird, double last)
    {
        LearningRateSchedule schedule = Optimization.Schedule(Settings with { Schedule = name, Warmup = 1 }, examples: 100);

        Assert.Equal([1 / 7.0, 4 / 7.0, 1], new[] { 0, 3, 6 }.Select(step => schedule.At(step) / Rate), (expected, actual) => Math.Abs(expected - actual) < 1e-12);
        Assert.Equal(first, schedule.At(7), 1e-12);
        Assert.Equal(aThird, schedule.At(14), 1e-12);
        Assert.Equal(last, schedule.At(name == "step" ? 21 : 28), 1e-12);
    }

    [Fact]
    public void Without_a_warm_up_the_first_step_has_the_whole_rate() =>
        Assert.Equal(Rate, Optimization.Schedule(Settings with { Schedule = "cosine" }, examples: 100).At(0));
}
