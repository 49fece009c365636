using Sepal.Graphs;
using Xunit;

namespace Sepal.Tests.Graphs;

public sealed class ShapeTests
{
    [Fact]
    public void Gains_loses_and_changes_dimensions()
    {
        Shape image = [28, 30, 3];
        Assert.Equal([Dimension.Batch, 28, 30, 3], image.WithBatch());
        Assert.Equal(image, image.WithBatch().WithoutBatch());
        Assert.Equal([28, 30, 8], image.WithLast(8));
        Assert.Equal(28 * 30 * 3, image.ElementCount);
        Assert.Equal(1, Shape.Scalar.ElementCount);
        Assert.Equal(3, image.Rank);
        Assert.Equal(3, image[^1]);
    }

    [Fact]
    public void Resolves_its_symbols()
    {
        Shape open = [Dimension.Batch, Dimension.Symbol("h") * 2, 3];
        Assert.False(open.IsKnown);
        Shape known = open.Resolve(new Dictionary<string, long> { ["batch"] = 4, ["h"] = 5 });
        Assert.True(known.IsKnown);
        Assert.Equal([4, 10, 3], known);
        Assert.Throws<SepalException>(() => open.Resolve(new Dictionary<string, long> { ["batch"] = 4 }));
    }

    [Fact]
    public void Equal_shapes_are_equal_and_hash_alike()
    {
        Shape left = [Dimension.Batch, 3];
        Shape right = [Dimension.Symbol("batch"), 3];
        Assert.True(left.Equals(right));
        Assert.Equal(left.GetHashCode(), right.GetHashCode());
        Assert.False(left.Equals(null));
        Assert.False(left.Equals([3, Dimension.Batch]));
        Assert.Equal("(batch, 3)", left.ToString());
    }

    [Fact]
    public void A_specification_names_its_axes()
    {
        Assert.Equal("(N=batch, H=5, W=6, C=3)", new TensorSpec([Dimension.Batch, 5, 6, 3]).Describe());
        Assert.Equal("(N=batch, C=3) Int64", new TensorSpec([Dimension.Batch, 3], ElementType.Int64).Describe());
        Assert.Equal("(2, 3, 4)", new TensorSpec([2, 3, 4]).Describe());
        Assert.Equal(2 * 3 * 8, new TensorSpec([2, 3], ElementType.Float64).ByteCount);
    }
}
