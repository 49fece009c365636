using Sepal.Randomness;
using Xunit;

namespace Sepal.Tests.Randomness;

public sealed class RandomStreamTests
{
    private const int Draws = 100_000;

    [Fact]
    public void Reads_the_blocks_of_its_stream_in_order()
    {
        var random = new RandomStream(5, 9);
        for (ulong block = 0; block < 3; block++)
        {
            (uint first, uint second, uint third, uint fourth) = Philox.Block(5, 9, block);
            Assert.Equal([first, second, third, fourth], Enumerable.Range(0, 4).Select(_ => random.NextUInt32()));
        }
    }

    [Fact]
    public void Numbers_are_spread_evenly()
    {
        var random = new RandomStream(1, 0);
        var counts = new int[20];
        for (int draw = 0; draw < Draws; draw++)
        {
            float number = random.NextSingle();
            Assert.InRange(number, 0, 1 - float.Epsilon);
            counts[(int)(number * counts.Length)]++;
        }

        AssertEven(counts);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(7)]
    [InlineData(10)]
    public void Whole_numbers_are_spread_evenly_below_their_bound(int bound)
    {
        var random = new RandomStream(2, 0);
        var counts = new int[bound];
        for (int draw = 0; draw < Draws; draw++)
        {
            counts[random.NextInt32(bound)]++;
        }

        AssertEven(counts);
    }

    [Fact]
    public void Whole_numbers_are_unbiased_where_the_bound_does_not_divide_the_range()
    {
        // Without rejection, the lower half of such a range would come up twice as often as the upper.
        const int bound = 3 << 29;
        var random = new RandomStream(3, 0);
        int low = Enumerable.Range(0, Draws).Count(_ => random.NextInt32(bound) < bound / 2);
        Assert.Equal(0.5, low / (double)Draws, 0.01);
    }

    [Fact]
    public void A_bound_is_positive() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new RandomStream(1, 1).NextInt32(0));

    [Fact]
    public void Normal_numbers_have_mean_0_and_variance_1()
    {
        var random = new RandomStream(4, 0);
        double[] numbers = [.. Enumerable.Range(0, Draws).Select(_ => (double)random.NextNormal())];
        Assert.Equal(0, numbers.Average(), 0.02);
        Assert.Equal(1, numbers.Average(number => number * number), 0.02);
        Assert.Equal(0.6827, numbers.Count(number => Math.Abs(number) < 1) / (double)Draws, 0.01);
        Assert.All(numbers, number => Assert.True(double.IsFinite(number)));
    }

    [Fact]
    public void Shuffling_keeps_the_items_and_gives_every_order_alike()
    {
        var counts = new Dictionary<string, int>();
        var random = new RandomStream(5, 0);
        for (int draw = 0; draw < 24_000; draw++)
        {
            int[] items = [1, 2, 3, 4];
            random.Shuffle<int>(items);
            string order = string.Concat(items);
            counts[order] = counts.GetValueOrDefault(order) + 1;
        }

        Assert.Equal(24, counts.Count);
        AssertEven([.. counts.Values]);
    }

    [Fact]
    public void Streams_for_different_uses_differ()
    {
        ulong[] streams =
        [
            RandomStreams.Initializer(0), RandomStreams.Initializer(1), RandomStreams.Shuffle(0), RandomStreams.Shuffle(1),
            RandomStreams.Dropout(0, 0), RandomStreams.Dropout(0, 1), RandomStreams.Dropout(1, 0),
        ];
        Assert.Distinct(streams);
        Assert.Distinct(streams.Select(stream => new RandomStream(1, stream).NextUInt32()));
    }

    /// <summary>Pearson's test, with a bound that chance crosses less than once in a million.</summary>
    private static void AssertEven(int[] counts)
    {
        double expected = counts.Sum() / (double)counts.Length;
        double statistic = counts.Sum(count => (count - expected) * (count - expected) / expected);
        Assert.True(statistic < counts.Length + (8 * Math.Sqrt(2 * counts.Length)), $"χ² is {statistic} over {counts.Length} classes.");
    }
}
