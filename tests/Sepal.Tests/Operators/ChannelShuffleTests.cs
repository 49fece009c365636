using Sepal.Graphs;
using Sepal.Operators;
using Xunit;

namespace Sepal.Tests.Operators;

public sealed class ChannelShuffleTests
{
    [Theory]
    [InlineData(2, 6)]
    [InlineData(3, 6)]
    [InlineData(6, 6)]
    [InlineData(1, 6)]
    [InlineData(2, 116)]
    [InlineData(2, 48)]
    [InlineData(5, 35)]
    public void Takes_a_channel_from_each_group_in_turn(int groups, int channels)
    {
        Check([3, 5, 4, channels], groups);
        Check([2, channels], groups);
        Check([2, 7, channels], groups);
    }

    [Fact]
    public void Has_the_papers_order()
    {
        float[] shuffled = new OperatorHarness(new ChannelShuffle(2), new Operand([1, 1, 1, 6], [0, 1, 2, 3, 4, 5])).Infer(new RunOptions());
        Assert.Equal([0, 3, 1, 4, 2, 5], shuffled);
    }

    [Fact]
    public void Groups_that_do_not_divide_the_channels_are_refused()
    {
        var builder = new GraphBuilder();
        Value input = builder.Input("input", new TensorSpec([Dimension.Batch, 4, 4, 10]));
        GraphException exception = Assert.Throws<GraphException>(() => builder.Add("shuffle", new ChannelShuffle(3), [input]));
        Assert.Contains("3 groups do not divide 10 channels", exception.Message, StringComparison.Ordinal);
        Assert.Throws<GraphException>(() => builder.Add("none", new ChannelShuffle(0), [input]));
    }

    private static void Check(int[] shape, int groups) =>
        new OperatorHarness(new ChannelShuffle(groups), TestNumbers.Operand(new Random(1), shape)).Check(operands =>
        {
            int channels = shape[^1];
            var result = new double[operands[0].Length];
            for (int index = 0; index < result.Length; index++)
            {
                (int pixel, int channel) = Math.DivRem(index, channels);
                (int group, int member) = Math.DivRem(channel, channels / groups);
                result[(pixel * channels) + (member * groups) + group] = operands[0][index];
            }

            return result;
        });
}
