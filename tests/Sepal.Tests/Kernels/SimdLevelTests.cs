using System.Globalization;
using Sepal.Kernels.Simd;
using Xunit;

namespace Sepal.Tests.Kernels;

/// <summary>Shows that a switch for narrower vectors took, in the processes that were started with one.</summary>
public sealed class SimdLevelTests
{
    /// <summary>The environment variable that tells the expected floats of a vector.</summary>
    internal const string ExpectedWidth = "SEPAL_TEST_VECTOR_WIDTH";

    [Fact]
    public void Width_is_the_expected_one()
    {
        string? expected = Environment.GetEnvironmentVariable(ExpectedWidth);
        Assert.SkipWhen(expected is null, "Only in a process with a switched-off instruction set.");
        Assert.Equal(int.Parse(expected, CultureInfo.InvariantCulture), SimdLevel.Width);
    }
}
