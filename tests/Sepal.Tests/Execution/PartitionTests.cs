using FsCheck;
using FsCheck.Xunit;
using Sepal.Execution;
using Xunit;

namespace Sepal.Tests.Execution;

public sealed class PartitionTests
{
    [Property]
    public void Parts_follow_each_other_and_cover_everything(PositiveInt items, PositiveInt partSize, PositiveInt grain)
    {
        var partition = Partition.Of(items.Get * 37L, partSize.Get, grain.Get);
        Assert.InRange(partition.Parts, 1, 256);
        long next = 0;
        for (int part = 0; part < partition.Parts; part++)
        {
            (long from, long to) = partition.Range(part);
            Assert.Equal(next, from);
            Assert.Equal(0, from % grain.Get);
            Assert.True(to > from);
            next = to;
        }

        Assert.Equal(items.Get * 37L, next);
    }

    [Fact]
    public void Little_work_is_one_part_and_much_work_many()
    {
        Assert.Equal(1, Partition.OfElements(1000).Parts);
        Assert.Equal(1, Partition.OfRows(10, 100).Parts);
        Assert.Equal(1, Partition.OfChannels(64, 10).Parts);
        Assert.Equal(10, Partition.OfRows(10, 1_000_000).Parts);
        Assert.Equal(4, Partition.OfChannels(64, 1_000_000).Parts);
        Assert.InRange(Partition.OfElements(1_000_000_000).Parts, 200, 256);
    }

    [Fact]
    public void Nothing_is_one_empty_part()
    {
        Partition partition = Partition.OfElements(0);
        Assert.Equal(1, partition.Parts);
        Assert.Equal((0, 0), partition.Range(0));
    }
}
