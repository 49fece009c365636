using Sepal.Graphs;
using Sepal.Operators;
using Sepal.Randomness;
using Sepal.Training.Initializers;
using Xunit;

namespace Sepal.Tests.Operators;

public sealed class DropoutTests
{
    private const float Rate = 0.3f;
    private const float Scale = 1 / (1 - Rate);

    // The rescaling before it is node 0, so the dropout is node 1.
    private const int Position = 1;

    [Fact]
    public void Does_nothing_at_inference() =>
        new OperatorHarness(new Dropout(Rate), TestNumbers.Operand(new Random(1), [3, 5, 7])).CheckInference(operands => operands[0]);

    [Fact]
    public void Does_nothing_at_rate_0() =>
        new OperatorHarness(new Dropout(0), TestNumbers.Operand(new Random(1), [3, 5, 7])).Check(operands => operands[0]);

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(7)]
    [InlineData(16)]
    [InlineData(60_001)]
    public void Keeps_the_elements_whose_random_number_is_at_least_the_rate(int length)
    {
        float[] numbers = TestNumbers.Uniform(new Random(1), length, 1, 2);
        var options = new RunOptions { Seed = 42, StepNumber = 5 };
        TrainingRun run = Run(numbers, options);
        var random = new RandomStream(42, RandomStreams.Dropout(Position, 5));
        for (int index = 0; index < length; index++)
        {
            bool kept = random.NextSingle() >= Rate;
            Assert.Equal(kept ? numbers[index] * Scale : 0, run.Outputs[0][index]);
            Assert.Equal(kept ? Scale : 0, run.Gradients[OperatorHarness.Name(0)][index]);
        }
    }

    [Fact]
    public void Drops_about_the_rate_and_keeps_the_mean()
    {
        TrainingRun run = Run([.. Enumerable.Repeat(1f, 200_000)], new RunOptions());
        Assert.Equal(Rate, run.Outputs[0].Count(value => value == 0) / 200_000.0, 0.005);
        Assert.Equal(1, run.Outputs[0].Average(), 0.01);
    }

    [Fact]
    public void Gives_the_same_bits_however_it_is_run()
    {
        float[] numbers = TestNumbers.Uniform(new Random(1), 50_000);
        TrainingRun expected = Run(numbers, new RunOptions());
        foreach (RunOptions options in RunOptions.Variants)
        {
            OperatorHarness.AssertSame(expected, Run(numbers, options), options.ToString());
        }
    }

    [Fact]
    public void Draws_another_mask_for_another_seed_step_or_node()
    {
        float[] ones = [.. Enumerable.Repeat(1f, 1000)];
        float[] first = Run(ones, new RunOptions()).Outputs[0];
        Assert.NotEqual(first, Run(ones, new RunOptions { Seed = 8 }).Outputs[0]);
        Assert.NotEqual(first, Run(ones, new RunOptions { StepNumber = 1 }).Outputs[0]);

        var builder = new GraphBuilder();
        Value value = builder.Parameter("value", [1, 1000], Constant.Zeros);
        Graph graph = builder.Build(
            builder.Add("one", new Dropout(Rate), [value]).Output, builder.Add("two", new Dropout(Rate), [value]).Output);
        float[][] outputs = GraphHarness
            .Train(graph, new Dictionary<string, float[]> { ["value"] = ones }, [ones, ones], 1, new RunOptions()).Outputs;
        Assert.NotEqual(outputs[0], outputs[1]);
    }

    [Fact]
    public void Drops_a_NaN_to_zero() =>
        Assert.Contains(0, Run([.. Enumerable.Repeat(float.NaN, 100)], new RunOptions()).Outputs[0]);

    private static TrainingRun Run(float[] numbers, RunOptions options)
    {
        float[] ones = [.. Enumerable.Repeat(1f, numbers.Length)];
        return new OperatorHarness(new Dropout(Rate), new Operand([1, numbers.Length], numbers)).Train(ones, options);
    }
}
