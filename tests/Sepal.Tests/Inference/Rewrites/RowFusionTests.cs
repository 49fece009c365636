using Sepal.Graphs;
using Sepal.Inference.Rewrites;
using Sepal.Operators;
using Xunit;

namespace Sepal.Tests.Inference.Rewrites;

public sealed class RowFusionTests
{
    private readonly RewriteBuilder _builder = new();

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Expand_depthwise_and_project_are_one_chain(int strides)
    {
        Value image = _builder.Input(12, 9, 4);
        Value expanded = _builder.Apply(UnaryFunction.Relu6, _builder.Normalize(_builder.ConvolvePointwise(image, 20)));
        Value filtered = _builder.Apply(UnaryFunction.Swish, _builder.Normalize(_builder.ConvolveDepthwise(expanded, strides)));
        Value projected = _builder.Normalize(_builder.ConvolvePointwise(filtered, 4));
        Graph graph = _builder.Build(strides == 1 ? _builder.Sum(projected, image) : projected);

        Graph rewritten = InferenceRewrites.Apply(graph, RewriteAssert.Symbols, 0);

        Assert.Single(rewritten.Nodes);
        ConvolutionChain chain = RewriteAssert.Chain(rewritten);
        Assert.Equal(3, chain.Stages.Length);
        Assert.Equal(strides == 1, chain.Last.HasResidual);
        Assert.Equal(graph.Nodes, chain.Nodes);
        RewriteAssert.Same(_builder, graph, rewritten);
    }

    [Fact]
    public void A_stem_that_reads_planes_is_joined_to_a_depthwise_convolution()
    {
        Value image = _builder.Transpose(_builder.Input(3, 20, 17), 0, 2, 3, 1);
        Value stem = _builder.Convolve(image, new Convolution(8, 3) { Strides = 2, Padding = Padding2D.Same });
        Graph graph = _builder.Build(_builder.ConvolvePointwise(_builder.ConvolveDepthwise(stem), 12));
        Graph rewritten = InferenceRewrites.Apply(graph, RewriteAssert.Symbols, 0);
        Assert.Single(rewritten.Nodes);
        Assert.True(RewriteAssert.Chain(rewritten).Stages is [{ IsPlanar: true }, { IsDepthwise: true }, { IsPointwise: true }]);
        RewriteAssert.Same(_builder, graph, rewritten);
    }

    [Fact]
    public void The_mean_of_a_chain_is_computed_along()
    {
        Value filtered = _builder.ConvolveDepthwise(_builder.ConvolvePointwise(_builder.Input(12, 9, 4), 20));
        Graph graph = _builder.Build(_builder.Pool(filtered), filtered);
        Graph rewritten = InferenceRewrites.Apply(graph, RewriteAssert.Symbols, 0);
        Assert.Single(rewritten.Nodes);
        Assert.True(RewriteAssert.Chain(rewritten) is { PoolsResult: true, Stages.Length: 2 });
        RewriteAssert.Same(_builder, graph, rewritten);
    }

    [Fact]
    public void A_dense_layer_over_an_image_is_joined_as_the_pointwise_convolution_that_it_is()
    {
        Value expanded = _builder.Dense(_builder.Input(12, 9, 4), 20);
        Graph graph = _builder.Build(_builder.Dense(_builder.ConvolveDepthwise(expanded), 5));
        Graph rewritten = InferenceRewrites.Apply(graph, RewriteAssert.Symbols, 0);
        Assert.Single(rewritten.Nodes);
        RewriteAssert.Same(_builder, graph, rewritten);
    }

    [Fact]
    public void A_scaled_image_is_expanded_in_a_chain()
    {
        Value image = _builder.Input(12, 9, 4);
        Value expanded = _builder.ConvolvePointwise(_builder.Product(image, _builder.Input(1, 1, 4)), 20);
        Graph graph = _builder.Build(_builder.ConvolvePointwise(_builder.ConvolveDepthwise(expanded), 5));
        Graph rewritten = InferenceRewrites.Apply(graph, RewriteAssert.Symbols, 0);
        Assert.Single(rewritten.Nodes);
        Assert.True(RewriteAssert.Chain(rewritten).Stages[0].HasScale);
        RewriteAssert.Same(_builder, graph, rewritten);
    }

    [Fact]
    public void An_expansion_with_a_residual_is_joined()
    {
        Value expanded = _builder.Sum(_builder.ConvolvePointwise(_builder.Input(12, 9, 4), 20), _builder.Input(12, 9, 20));
        Graph graph = _builder.Build(_builder.ConvolvePointwise(_builder.ConvolveDepthwise(expanded), 5));
        Graph rewritten = InferenceRewrites.Apply(graph, RewriteAssert.Symbols, 0);
        Assert.Single(rewritten.Nodes);
        RewriteAssert.Same(_builder, graph, rewritten);
    }

    [Fact]
    public void Large_images_go_through_in_several_strips()
    {
        Value expanded = _builder.ConvolvePointwise(_builder.Input(60, 40, 4), 60);
        Graph graph = _builder.Build(_builder.ConvolvePointwise(_builder.ConvolveDepthwise(expanded, 2), 5));
        Graph rewritten = InferenceRewrites.Apply(graph, RewriteAssert.Symbols, 0);
        Assert.Single(rewritten.Nodes);
        RewriteAssert.Same(_builder, graph, rewritten);
    }

    [Fact]
    public void Small_images_stay_apart()
    {
        Value expanded = _builder.ConvolvePointwise(_builder.Input(12, 9, 4), 20);
        Stays(_builder.Build(_builder.ConvolvePointwise(_builder.ConvolveDepthwise(expanded), 5)), (12 * 9 * 20 * 4) + 1);
    }

    [Fact]
    public void A_reduction_before_a_depthwise_convolution_stays_apart() =>
        Stays(_builder.Build(_builder.ConvolveDepthwise(_builder.ConvolvePointwise(_builder.Input(12, 9, 20), 20))));

    [Fact]
    public void Two_pointwise_convolutions_stay_apart() =>
        Stays(_builder.Build(_builder.ConvolvePointwise(_builder.ConvolvePointwise(_builder.Input(12, 9, 4), 20), 4)));

    [Fact]
    public void Two_depthwise_convolutions_stay_apart() =>
        Stays(_builder.Build(_builder.ConvolveDepthwise(_builder.ConvolveDepthwise(_builder.Input(12, 9, 4)))));

    [Fact]
    public void A_value_between_that_is_an_output_keeps_them_apart()
    {
        Value filtered = _builder.ConvolveDepthwise(_builder.Input(12, 9, 4));
        Stays(_builder.Build(_builder.ConvolvePointwise(filtered, 5), filtered));
    }

    [Fact]
    public void A_value_between_that_is_read_twice_keeps_them_apart()
    {
        Value filtered = _builder.ConvolveDepthwise(_builder.Input(12, 9, 4));
        Stays(_builder.Build(_builder.ConvolvePointwise(filtered, 5), _builder.ConvolvePointwise(filtered, 6)));
    }

    [Fact]
    public void A_value_between_that_is_also_the_residual_keeps_them_apart()
    {
        Value filtered = _builder.ConvolveDepthwise(_builder.Input(12, 9, 4));
        Graph graph = _builder.Build(_builder.Sum(_builder.ConvolvePointwise(filtered, 4), filtered));
        Graph rewritten = InferenceRewrites.Apply(graph, RewriteAssert.Symbols, 0);
        Assert.Equal(2, rewritten.Nodes.Length);
        RewriteAssert.Same(_builder, graph, rewritten);
    }

    [Fact]
    public void Squeeze_and_excitation_between_keeps_them_apart()
    {
        Value filtered = _builder.ConvolveDepthwise(_builder.Input(12, 9, 4));
        Value scaled = _builder.Product(filtered, _builder.Apply(UnaryFunction.Sigmoid, _builder.Pool(filtered)));
        Graph graph = _builder.Build(_builder.ConvolvePointwise(scaled, 5));
        Graph rewritten = InferenceRewrites.Apply(graph, RewriteAssert.Symbols, 0);
        Assert.Equal([true, false], RewriteAssert.Chains(rewritten).Select(chain => chain.PoolsResult));
        RewriteAssert.Same(_builder, graph, rewritten);
    }

    private static void Stays(Graph graph, long smallestImage = 0) => RewriteAssert.LeavesAlone(
        ConvolutionWrapping.Rewrite(graph), wrapped => RowFusion.Rewrite(wrapped, RewriteAssert.Symbols, smallestImage));
}
