using Sepal.Graphs;
using Sepal.Operators;
using Xunit;

namespace Sepal.Tests.Operators;

public sealed class EmptyTensorTests
{
    private static readonly TensorData Empty = new([0, 5, 5, 3], ElementType.Float32, Array.Empty<byte>());
    private static readonly TensorData NoChannels = new([1, 5, 5, 0], ElementType.Float32, Array.Empty<byte>());

    [Fact]
    public void An_operator_that_gives_no_element_runs_nothing()
    {
        TensorData kernel = TypedRun.Counting(ElementType.Float32, 3, 3, 3, 4);

        TensorData output = TypedRun.Of(new Convolution(4, 3), Empty, kernel)[0];

        Assert.Equal(new Shape(0, 3, 3, 4), output.Shape);
        Assert.Equal(new Shape(0, 2, 2, 3), TypedRun.Of(new Pooling(PoolingFunction.Maximum, 2), Empty)[0].Shape);
    }

    [Fact]
    public void A_sum_of_products_over_no_channel_is_refused()
    {
        var kernel = new TensorData([1, 1, 0, 4], ElementType.Float32, Array.Empty<byte>());

        SepalException error = Assert.Throws<SepalException>(() => TypedRun.Of(new Convolution(4, 1), NoChannels, kernel));

        Assert.StartsWith(
            "Node 'operator' (Convolution): its input 'input_0' has the shape (1, 5, 5, 0), and no element in this run.", error.Message, StringComparison.Ordinal);
    }
}
