using Sepal.Operators;
using Sepal.Tests.References;
using Xunit;

namespace Sepal.Tests.Operators;

public sealed class BatchNormalizationTests
{
    private static readonly BatchNormalization Normalization = new() { Momentum = 0.9f, Epsilon = 0.01f };

    [Fact]
    public void Normalizes_by_the_moving_statistics_at_inference()
    {
        foreach (int channels in TestNumbers.Channels)
        {
            OperatorHarness harness = Harness(Normalization, [3, 4, 5, channels], channels);
            harness.CheckInference(WithMovingStatistics);
            harness.CheckBatchSplits();
        }
    }

    [Fact]
    public void Normalizes_by_the_batch_in_training()
    {
        foreach (int channels in TestNumbers.Channels)
        {
            Harness(Normalization, [3, 4, 5, channels], channels).CheckTraining(WithBatchStatistics);
            Harness(Normalization, [1, 3, 3, channels], channels).CheckTraining(WithBatchStatistics);
            Harness(Normalization, [7, channels], channels).CheckTraining(WithBatchStatistics);
        }
    }

    [Fact]
    public void Normalizes_by_the_moving_statistics_where_frozen()
    {
        foreach (int channels in TestNumbers.Channels)
        {
            Harness(Normalization with { Frozen = true }, [2, 4, 3, channels], channels).Check(WithMovingStatistics);
        }
    }

    [Fact]
    public void Puts_many_shards_together()
    {
        Harness(Normalization, [2, 60, 50, 24], 1).CheckTraining(WithBatchStatistics);
        Harness(Normalization, [2, 120, 150, 1], 2).CheckTraining(WithBatchStatistics);
        Harness(Normalization, [70, 1000], 3).CheckTraining(WithBatchStatistics);
        Harness(Normalization with { Frozen = true }, [2, 60, 50, 24], 4).CheckTraining(WithMovingStatistics);
    }

    [Fact]
    public void Matches_the_reference_for_random_shapes()
    {
        for (int seed = 0; seed < 20; seed++)
        {
            var random = new Random(seed);
            int[] shape = [random.Next(1, 4), random.Next(2, 12), random.Next(1, 12), random.Next(1, 40)];
            Harness(Normalization, shape, seed).CheckTraining(WithBatchStatistics);
        }
    }

    [Theory]
    [InlineData(5, 12, 9, 17)]
    [InlineData(2, 60, 50, 24)]
    public void Moves_the_moving_statistics(int batch, int height, int width, int channels)
    {
        int[] shape = [batch, height, width, channels];
        Operand[] operands = Operands(shape, 1);
        TrainingRun run = new OperatorHarness(Normalization, operands).Train(new float[TestNumbers.Length(shape)], new RunOptions());
        double[] input = Array.ConvertAll(operands[0].Values, value => (double)value);
        AssertMoved(operands[3].Values, ReferenceBatchNormalization.Mean(input, channels), run.Parameters[OperatorHarness.Name(3)]);
        AssertMoved(operands[4].Values, ReferenceBatchNormalization.Variance(input, channels), run.Parameters[OperatorHarness.Name(4)]);
    }

    [Fact]
    public void Leaves_the_moving_statistics_where_frozen()
    {
        Operand[] operands = Operands([3, 2, 2, 5], 1);
        TrainingRun run = new OperatorHarness(Normalization with { Frozen = true }, operands).Train(new float[60], new RunOptions());
        Assert.Equal(operands[3].Values, run.Parameters[OperatorHarness.Name(3)]);
        Assert.Equal(operands[4].Values, run.Parameters[OperatorHarness.Name(4)]);
    }

    [Fact]
    public void Does_not_lose_a_small_deviation_under_a_large_mean()
    {
        Operand[] operands = Operands([4, 60, 50, 3], 1);
        float[] shifted = Array.ConvertAll(operands[0].Values, value => (value / 64) + 4096);
        operands[0] = operands[0] with { Values = shifted };
        TrainingRun run = new OperatorHarness(Normalization with { Momentum = 0 }, operands).Train(new float[shifted.Length], new RunOptions());
        double[] expected = ReferenceBatchNormalization.Variance(Array.ConvertAll(shifted, value => (double)value), 3);
        for (int channel = 0; channel < 3; channel++)
        {
            Assert.Equal(1, run.Parameters[OperatorHarness.Name(4)][channel] / expected[channel], 0.01);
        }
    }

    private static double[] WithMovingStatistics(double[][] operands) => ReferenceBatchNormalization.Forward(
        operands[0], operands[1], operands[2], operands[3], operands[4], Normalization.Epsilon);

    private static double[] WithBatchStatistics(double[][] operands)
    {
        int channels = operands[1].Length;
        return ReferenceBatchNormalization.Forward(
            operands[0],
            operands[1],
            operands[2],
            ReferenceBatchNormalization.Mean(operands[0], channels),
            ReferenceBatchNormalization.Variance(operands[0], channels),
            Normalization.Epsilon);
    }

    private static void AssertMoved(float[] before, double[] batch, float[] after)
    {
        double[] expected = [.. before.Zip(batch, (old, taken) => (old * (double)Normalization.Momentum) + (taken * (1 - Normalization.Momentum)))];
        Comparer.AssertClose(expected, after, 100, [expected.Length], "moving statistics");
    }

    private static OperatorHarness Harness(BatchNormalization normalization, int[] shape, int seed) =>
        new(normalization, Operands(shape, seed)) { Terms = TestNumbers.Length(shape) / shape[^1] };

    private static Operand[] Operands(int[] shape, int seed)
    {
        var random = new Random(seed);
        int[] channels = [shape[^1]];
        return
        [
            new Operand(shape, TestNumbers.Uniform(random, TestNumbers.Length(shape), -1, 2)),
            TestNumbers.Operand(random, channels, OperandKind.Weight),
            TestNumbers.Operand(random, channels, OperandKind.Weight),
            TestNumbers.Operand(random, channels, OperandKind.State),
            new Operand(channels, TestNumbers.Uniform(random, channels[0], 0.2f, 2), OperandKind.State),
        ];
    }
}
