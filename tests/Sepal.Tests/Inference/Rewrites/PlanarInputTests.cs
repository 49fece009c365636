using Sepal.Graphs;
using Sepal.Inference.Rewrites;
using Sepal.Operators;
using Xunit;

namespace Sepal.Tests.Inference.Rewrites;

public sealed class PlanarInputTests
{
    private readonly RewriteBuilder _builder = new();

    [Theory]
    [InlineData(3, 2, 1)]
    [InlineData(7, 2, 3)]
    [InlineData(2, 1, 0)]
    [InlineData(1, 2, 0)]
    public void A_first_convolution_reads_a_planar_image(int kernel, int strides, int padding)
    {
        Value image = _builder.Input(3, 21, 18);
        Value interleaved = _builder.Transpose(image, 0, 2, 3, 1);
        var convolution = new Convolution(9, kernel) { Strides = strides, Padding = Padding2D.Explicit(padding, 0, padding, 1) };
        Graph graph = _builder.Build(_builder.Convolve(interleaved, convolution));

        Graph rewritten = Rewrite(graph);

        Node node = Assert.Single(rewritten.Nodes);
        Assert.True(RewriteAssert.Chain(rewritten).Stages[0].IsPlanar);
        Assert.Equal(graph.Nodes, RewriteAssert.Chain(rewritten).Nodes);
        Assert.Equal(image, node.Inputs[0]);
        RewriteAssert.Same(_builder, graph, rewritten);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    public void An_image_without_three_channels_stays(int channels)
    {
        Value interleaved = _builder.Transpose(_builder.Input(channels, 8, 7), 0, 2, 3, 1);
        Stays(_builder.Build(_builder.Convolve(interleaved, new Convolution(9, 3))));
    }

    [Fact]
    public void A_pointwise_convolution_stays()
    {
        Value interleaved = _builder.Transpose(_builder.Input(3, 8, 7), 0, 2, 3, 1);
        Stays(_builder.Build(_builder.ConvolvePointwise(interleaved, 9)));
    }

    [Fact]
    public void A_depthwise_convolution_stays()
    {
        Value interleaved = _builder.Transpose(_builder.Input(3, 8, 7), 0, 2, 3, 1);
        Stays(_builder.Build(_builder.ConvolveDepthwise(interleaved)));
    }

    [Fact]
    public void Another_transpose_stays()
    {
        Value transposed = _builder.Transpose(_builder.Input(8, 3, 7), 0, 1, 3, 2);
        Stays(_builder.Build(_builder.Convolve(_builder.Transpose(transposed, 0, 2, 1, 3), new Convolution(9, 3))));
    }

    [Fact]
    public void A_transpose_that_is_read_twice_stays()
    {
        Value interleaved = _builder.Transpose(_builder.Input(3, 8, 7), 0, 2, 3, 1);
        Stays(_builder.Build(_builder.Convolve(interleaved, new Convolution(9, 3)), _builder.Apply(UnaryFunction.Relu, interleaved)));
    }

    [Fact]
    public void A_transpose_that_is_an_output_stays()
    {
        Value interleaved = _builder.Transpose(_builder.Input(3, 8, 7), 0, 2, 3, 1);
        Stays(_builder.Build(_builder.Convolve(interleaved, new Convolution(9, 3)), interleaved));
    }

    [Fact]
    public void A_transposed_residual_stays()
    {
        Value image = _builder.Input(8, 7, 3);
        Value other = _builder.Transpose(_builder.Input(3, 8, 7), 0, 2, 3, 1);
        Value convolved = _builder.Convolve(image, new Convolution(3, 3) { Padding = Padding2D.Same });
        Graph graph = ResidualFusion.Rewrite(ConvolutionWrapping.Rewrite(_builder.Build(_builder.Sum(convolved, other))));
        RewriteAssert.LeavesAlone(graph, PlanarInput.Rewrite);
    }

    private static Graph Rewrite(Graph graph) => PlanarInput.Rewrite(ConvolutionWrapping.Rewrite(graph));

    private static void Stays(Graph graph) => RewriteAssert.LeavesAlone(ConvolutionWrapping.Rewrite(graph), PlanarInput.Rewrite);
}
