using Sepal.Costs;
using Xunit;

namespace Sepal.Tests.Costs;

public class MachinePeakTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void Any_number_of_threads_is_measured(int threads)
    {
        double gigaflops = MachinePeak.Measure(threads);

        // The slowest machine that runs .NET is above, the fastest that there is below.
        Assert.InRange(gigaflops, 0.01, 1e5 * threads);
    }

    [Fact]
    public void The_width_is_that_of_some_instruction_set() => Assert.Contains(MachinePeak.VectorWidth, (int[])[1, 4, 8, 16]);

    [Fact]
    public void There_must_be_a_thread() => Assert.Throws<ArgumentOutOfRangeException>(() => MachinePeak.Measure(0));
}
