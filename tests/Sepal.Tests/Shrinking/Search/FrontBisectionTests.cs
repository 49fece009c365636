using Sepal.Shrinking.Search;
using Xunit;

namespace Sepal.Tests.Shrinking.Search;

public sealed class FrontBisectionTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(17)]
    [InlineData(1000)]
    public void The_cheapest_good_one_is_found(int count)
    {
        for (int cheapest = 0; cheapest < count; cheapest += Math.Max(1, count / 23))
        {
            int measured = 0;
            int found = FrontBisection.Cheapest(count, count - 1, 12, [0, count / 3, 2 * count / 3], index =>
            {
                measured++;
                return index >= cheapest;
            });
            Assert.Equal(cheapest, found);
            Assert.InRange(measured, 0, 15);
        }
    }

    [Fact]
    public void No_more_is_measured_than_may_be()
    {
        int measured = 0;
        int found = FrontBisection.Cheapest(1000, 999, 3, [], index =>
        {
            measured++;
            return index >= 600;
        });
        Assert.Equal(3, measured);
        Assert.Equal(624, found);
    }

    [Fact]
    public void Nothing_is_measured_twice()
    {
        var seen = new HashSet<int>();
        FrontBisection.Cheapest(8, 7, 10, [0, 3, 3, 0, 5], index =>
        {
            Assert.True(seen.Add(index));
            return index >= 4;
        });
    }

    [Fact]
    public void What_was_measured_good_counts_where_noise_breaks_the_order()
    {
        int found = FrontBisection.Cheapest(10, 9, 0, [2, 5, 7], index => index is 2 or 7);
        Assert.Equal(2, found);
    }

    [Fact]
    public void Where_none_is_good_the_start_is_left() =>
        Assert.Equal(9, FrontBisection.Cheapest(10, 9, 20, [0, 4], _ => false));
}
