using Sepal.Graphs;
using Sepal.Inference.Rewrites;
using Sepal.Operators;
using Xunit;

namespace Sepal.Tests.Inference.Rewrites;

public sealed class ConvolutionWrappingTests
{
    private readonly RewriteBuilder _builder = new();

    [Theory]
    [InlineData(1, 1, false)]
    [InlineData(1, 3, true)]
    [InlineData(3, 2, true)]
    [InlineData(6, 3, false)]
    public void A_convolution_is_a_chain_of_one(int groups, int kernel, bool hasBias)
    {
        var convolution = new Convolution(12, kernel) { Groups = groups, Padding = Padding2D.Same, Strides = (2, 1) };
        Graph graph = _builder.Build(_builder.Convolve(_builder.Input(7, 6, 6), convolution, hasBias));

        Graph rewritten = ConvolutionWrapping.Rewrite(graph);

        ConvolutionChain chain = RewriteAssert.Chain(rewritten);
        FusedConvolution stage = Assert.Single(chain.Stages);
        Assert.Equal(graph.Nodes[0], stage.Product);
        Assert.Equal(hasBias, stage.HasBias);
        Assert.Equal(groups == 6, stage.IsDepthwise);
        Assert.Equal(graph.Nodes, chain.Nodes);
        RewriteAssert.Same(_builder, graph, rewritten);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_dense_layer_of_any_rank_is_a_pointwise_chain_of_one(bool hasBias)
    {
        foreach (int[] shape in (int[][])[[9], [4, 9], [3, 4, 9]])
        {
            var builder = new RewriteBuilder();
            Graph graph = builder.Build(builder.Dense(builder.Input(shape), 11, hasBias));
            Graph rewritten = ConvolutionWrapping.Rewrite(graph);
            Assert.True(RewriteAssert.Chain(rewritten).Last.IsPointwise);
            RewriteAssert.Same(builder, graph, rewritten);
        }
    }

    [Fact]
    public void A_kernel_that_is_data_stays()
    {
        Value image = _builder.Input(4, 5, 2);
        Value kernel = _builder.Apply(UnaryFunction.Tanh, _builder.Parameter([3, 3, 2, 4]));
        RewriteAssert.LeavesAlone(_builder.Build(_builder.Add(new Convolution(4, 3), image, kernel)), ConvolutionWrapping.Rewrite);
    }

    [Fact]
    public void A_bias_that_is_data_stays()
    {
        Value bias = _builder.Apply(UnaryFunction.Tanh, _builder.Parameter([4]));
        Value convolved = _builder.Add(new Convolution(4, 3), _builder.Input(4, 5, 2), _builder.Parameter([3, 3, 2, 4]), bias);
        RewriteAssert.LeavesAlone(_builder.Build(convolved), ConvolutionWrapping.Rewrite);
    }

    [Fact]
    public void Padding_makes_a_convolution_of_one_tap_not_pointwise()
    {
        Value convolved = _builder.Convolve(_builder.Input(4, 5, 2), new Convolution(4, 1) { Padding = Padding2D.Explicit(1, 0, 0, 0) });
        Graph graph = _builder.Build(convolved);
        Graph rewritten = ConvolutionWrapping.Rewrite(graph);
        Assert.False(RewriteAssert.Chain(rewritten).Last.IsPointwise);
        RewriteAssert.Same(_builder, graph, rewritten);
    }

    [Fact]
    public void Strides_make_a_convolution_of_one_tap_not_pointwise()
    {
        Graph graph = _builder.Build(_builder.Convolve(_builder.Input(4, 5, 2), new Convolution(4, 1) { Strides = (1, 2) }));
        Graph rewritten = ConvolutionWrapping.Rewrite(graph);
        Assert.False(RewriteAssert.Chain(rewritten).Last.IsPointwise);
        RewriteAssert.Same(_builder, graph, rewritten);
    }
}
