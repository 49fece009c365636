using Sepal.Kernels.Rows;
using Xunit;

namespace Sepal.Tests.Kernels.Rows;

public sealed class SegmentTests
{
    [Theory]
    [InlineData(1, 1)]
    [InlineData(3, 96)]
    [InlineData(1, 2047)]
    public void Short_sums_are_one_segment(int runs, int length) =>
        Assert.Equal([new Segment(0, runs, 0, length)], Segment.Divide(runs, length));

    [Theory]
    [InlineData(1, 2048)]
    [InlineData(3, 768)]
    [InlineData(5, 480)]
    [InlineData(16, 128)]
    [InlineData(2048, 1)]
    [InlineData(7, 513)]
    [InlineData(3, 1537)]
    public void Segments_have_every_term_once_and_in_order(int runs, int length)
    {
        Segment[] segments = Segment.Divide(runs, length);
        Assert.True(segments.Length > 1);
        (int, int)[] terms =
        [
            .. from segment in segments
               from run in Enumerable.Range(segment.FirstRun, segment.RunCount)
               from term in Enumerable.Range(segment.Start, segment.RunLength)
               select (run, term),
        ];
        Assert.Equal(from run in Enumerable.Range(0, runs) from term in Enumerable.Range(0, length) select (run, term), terms);
        Assert.All(segments, segment => Assert.InRange(segment.RunCount * segment.RunLength, 1, 512));
    }
}
