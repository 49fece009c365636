using Sepal.Graphs;
using Sepal.Operators;
using Xunit;

namespace Sepal.Tests.Graphs;

public sealed class Window2DTests
{
    private static readonly OperatorCall Call = new("node", new Flatten(), [new TensorSpec([Dimension.Batch, 2, 2, 3])]);

    [Fact]
    public void Counts_the_places_where_a_window_fits()
    {
        for (int seed = 0; seed < 500; seed++)
        {
            var random = new Random(seed);
            (int input, int kernel, int stride, int dilation) = (random.Next(1, 20), random.Next(1, 6), random.Next(1, 4), random.Next(1, 4));
            (int before, int after) = (random.Next(4), random.Next(4));
            int extent = ((kernel - 1) * dilation) + 1;
            int places = 0;
            for (int start = -before; start + extent <= input + after; start += stride)
            {
                places++;
            }

            var window = new Window2D((kernel, 1), (stride, 1), (dilation, 1), Padding2D.Explicit(before, 0, after, 0));
            if (places == 0)
            {
                Assert.Throws<GraphException>(() => window.OutputSize(Call, input, 1));
            }
            else
            {
                Assert.Equal(places, window.OutputSize(Call, input, 1).Height);
                Assert.Equal(places, window.OutputSize(Call, Dimension.Symbol("h"), 1).Height.Evaluate(new Dictionary<string, long> { ["h"] = input }));
            }
        }
    }

    [Theory]
    [InlineData(5, 3, 1, 5, 1)]
    [InlineData(5, 3, 2, 3, 1)]
    [InlineData(6, 3, 2, 3, 0)]
    [InlineData(6, 2, 2, 3, 0)]
    [InlineData(7, 2, 2, 4, 0)]
    [InlineData(224, 7, 2, 112, 2)]
    [InlineData(4, 1, 3, 2, 0)]
    [InlineData(2, 7, 1, 2, 3)]
    public void Same_padding_follows_TensorFlow(int input, int kernel, int stride, int output, int leading)
    {
        var window = new Window2D(kernel, stride, 1, Padding2D.Same);
        Assert.Equal(((Dimension)output, (Dimension)output), window.OutputSize(Call, input, input));
        Assert.Equal((leading, leading), window.LeadingPadding(input, input));
    }

    [Fact]
    public void Same_padding_counts_dilation()
    {
        var window = new Window2D(3, 1, 4, Padding2D.Same);
        Assert.Equal(((Dimension)10, (Dimension)12), window.OutputSize(Call, 10, 12));
        Assert.Equal((4, 4), window.LeadingPadding(10, 12));
    }

    [Fact]
    public void Valid_padding_leads_with_nothing_and_explicit_with_what_it_says()
    {
        Assert.Equal((0, 0), new Window2D(3, 1, 1, Padding2D.Valid).LeadingPadding(5, 5));
        Assert.Equal((1, 2), new Window2D(3, 1, 1, Padding2D.Explicit(1, 2, 3, 4)).LeadingPadding(5, 5));
    }

    [Fact]
    public void A_window_larger_than_the_padded_input_is_refused()
    {
        var window = new Window2D(3, 1, (2, 1), 1);
        string message = Assert.Throws<GraphException>(() => window.OutputSize(Call, 2, 2)).Message;
        Assert.Contains("Node 'node' (Flatten)", message, StringComparison.Ordinal);
        Assert.Contains("covers 5 in height, but the padded input has only 4", message, StringComparison.Ordinal);
        Assert.Contains("dilation 2×1", message, StringComparison.Ordinal);
    }

    [Fact]
    public void Sizes_are_positive_and_padding_not_negative()
    {
        AssertRefused(new Window2D((0, 3), 1, 1, Padding2D.Valid), "kernel size");
        AssertRefused(new Window2D(3, (1, 0), 1, Padding2D.Valid), "strides");
        AssertRefused(new Window2D(3, 1, -1, Padding2D.Valid), "dilation rate");
        AssertRefused(new Window2D(3, 1, 1, Padding2D.Explicit(0, 0, -1, 0)), "padding");
    }

    private static void AssertRefused(Window2D window, string what) => Assert.Contains(
        what, Assert.Throws<GraphException>(() => window.OutputSize(Call, 5, 5)).Message, StringComparison.Ordinal);
}
