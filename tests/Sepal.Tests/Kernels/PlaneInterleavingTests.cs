using Sepal.Kernels;
using Xunit;

namespace Sepal.Tests.Kernels;

public sealed unsafe class PlaneInterleavingTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(7)]
    [InlineData(15)]
    [InlineData(16)]
    [InlineData(17)]
    [InlineData(32)]
    [InlineData(61)]
    public void Planes_become_pixels(int count)
    {
        float[] planes = [.. Enumerable.Range(0, (2 * (count + 3)) + count).Select(index => (float)index)];
        using GuardedBuffer source = new(planes);
        using GuardedBuffer target = new(3 * count);
        PlaneInterleaving.Create(3).Run(source.Pointer, count + 3, target.Pointer, count);
        Assert.Equal(
            from pixel in Enumerable.Range(0, count) from channel in Enumerable.Range(0, 3) select planes[(channel * (count + 3)) + pixel],
            target.Span.ToArray());
    }

    [Fact]
    public void Only_colour_images_are_interleaved()
    {
        Assert.True(PlaneInterleaving.Suits(3));
        Assert.False(PlaneInterleaving.Suits(4));
        Assert.Throws<ArgumentOutOfRangeException>(() => PlaneInterleaving.Create(2));
    }
}
