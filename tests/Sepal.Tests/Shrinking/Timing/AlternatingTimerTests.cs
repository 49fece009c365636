using System.Collections.Immutable;
using System.Diagnostics;
using Sepal.Shrinking.Timing;
using Xunit;

namespace Sepal.Tests.Shrinking.Timing;

public sealed class AlternatingTimerTests
{
    [Fact]
    public void Medians_are_in_the_order_of_what_was_run()
    {
        ImmutableArray<double> medians = AlternatingTimer.Medians([() => Wait(4), () => Wait(1), () => Wait(0)], seconds: 0.2);
        Assert.InRange(medians[0], 4, 400);
        Assert.InRange(medians[1], 1, medians[0] - 0.001);
        Assert.InRange(medians[2], 0, medians[1] - 0.001);
    }

    [Theory]
    [InlineData(new[] { 3.0 }, 3)]
    [InlineData(new[] { 9.0, 1, 2 }, 2)]
    [InlineData(new[] { 4.0, 1, 9, 2 }, 3)]
    public void The_median_is_the_middle(double[] numbers, double expected) => Assert.Equal(expected, AlternatingTimer.Median(numbers));

    [Fact]
    public void Timing_is_cancelled_between_runs()
    {
        using var source = new CancellationTokenSource();
        int runs = 0;
        Assert.Throws<OperationCanceledException>(() => AlternatingTimer.Medians([Run], seconds: 60, source.Token));
        Assert.Equal(3, runs);

        void Run()
        {
            if (++runs == 3)
            {
                source.Cancel();
            }
        }
    }

    private static void Wait(double milliseconds)
    {
        long start = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(start).TotalMilliseconds < milliseconds)
        {
            Thread.SpinWait(10);
        }
    }
}
