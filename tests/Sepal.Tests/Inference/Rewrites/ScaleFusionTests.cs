using Sepal.Graphs;
using Sepal.Inference.Rewrites;
using Sepal.Operators;
using Xunit;

namespace Sepal.Tests.Inference.Rewrites;

public sealed class ScaleFusionTests
{
    private readonly RewriteBuilder _builder = new();

    [Theory]
    [InlineData(true, false)]
    [InlineData(false, false)]
    [InlineData(true, true)]
    public void Channels_are_scaled_by_the_pointwise_convolution(bool scaleFirst, bool isDense)
    {
        Value image = _builder.Input(6, 5, 20);
        Value scale = _builder.Input(1, 1, 20);
        Value product = scaleFirst ? _builder.Product(scale, image) : _builder.Product(image, scale);
        Graph graph = _builder.Build(isDense ? _builder.Dense(product, 9) : _builder.ConvolvePointwise(product, 9));

        Graph rewritten = Rewrite(graph);

        Node node = Assert.Single(rewritten.Nodes);
        ConvolutionChain chain = RewriteAssert.Chain(rewritten);
        Assert.True(chain.Last.HasScale);
        Assert.Equal(graph.Nodes, chain.Nodes);
        Assert.Equal([image, .. graph.Nodes[1].Inputs.Skip(1), scale], node.Inputs);
        RewriteAssert.Same(_builder, graph, rewritten);
    }

    [Fact]
    public void Everything_else_that_is_fused_keeps_its_place()
    {
        Value image = _builder.Input(6, 5, 8);
        Value scale = _builder.Apply(UnaryFunction.Sigmoid, _builder.ConvolvePointwise(_builder.Pool(image), 8));
        Value projected = _builder.Normalize(_builder.ConvolvePointwise(_builder.Product(image, scale), 8));
        Graph graph = _builder.Build(_builder.Apply(UnaryFunction.Swish, _builder.Sum(projected, image)));
        Graph rewritten = ScaleFusion.Rewrite(ActivationFusion.Rewrite(ResidualFusion.Rewrite(NormalizationFusion.Rewrite(ConvolutionWrapping.Rewrite(graph)))));
        FusedConvolution last = RewriteAssert.Chains(rewritten)[^1].Last;
        Assert.True(last is { HasBias: true, Epsilon: not null, HasScale: true, HasResidual: true, Activation.Function: UnaryFunction.Swish });
        RewriteAssert.Same(_builder, graph, rewritten);
    }

    [Theory]
    [InlineData(8)]
    [InlineData(1, 1, 8)]
    [InlineData(1, 1, 1, 8)]
    public void A_parameter_for_all_images_stays(params int[] shape) =>
        Stays(_builder.Build(_builder.ConvolvePointwise(_builder.Product(_builder.Input(6, 5, 8), _builder.Parameter(shape)), 9)));

    [Theory]
    [InlineData(6, 5, 8)]
    [InlineData(6, 5, 1)]
    [InlineData(1, 5, 8)]
    [InlineData(6, 1, 8)]
    [InlineData(1, 1, 1)]
    public void A_scale_of_another_shape_stays(params int[] shape) =>
        Stays(_builder.Build(_builder.ConvolvePointwise(_builder.Product(_builder.Input(6, 5, 8), _builder.Input(shape)), 9)));

    [Fact]
    public void An_image_of_one_pixel_is_its_own_scale()
    {
        Graph graph = _builder.Build(_builder.ConvolvePointwise(_builder.Product(_builder.Input(1, 1, 8), _builder.Input(1, 1, 8)), 9));
        Graph rewritten = Rewrite(graph);
        Assert.Single(rewritten.Nodes);
        RewriteAssert.Same(_builder, graph, rewritten);
    }

    [Fact]
    public void A_square_stays()
    {
        Value image = _builder.Input(1, 1, 8);
        Graph graph = _builder.Build(_builder.ConvolvePointwise(_builder.Product(image, image), 9));
        RewriteAssert.Same(_builder, graph, Rewrite(graph));
    }

    [Theory]
    [InlineData(3, 1, 1)]
    [InlineData(1, 2, 1)]
    [InlineData(1, 1, 2)]
    public void A_convolution_that_is_not_pointwise_stays(int kernel, int strides, int groups)
    {
        Value product = _builder.Product(_builder.Input(6, 5, 8), _builder.Input(1, 1, 8));
        Stays(_builder.Build(_builder.Convolve(product, new Convolution(8, kernel) { Strides = strides, Groups = groups })));
    }

    [Fact]
    public void A_product_that_is_an_output_stays()
    {
        Value product = _builder.Product(_builder.Input(6, 5, 8), _builder.Input(1, 1, 8));
        Stays(_builder.Build(_builder.ConvolvePointwise(product, 9), product));
    }

    [Fact]
    public void A_product_that_is_read_twice_stays()
    {
        Value product = _builder.Product(_builder.Input(6, 5, 8), _builder.Input(1, 1, 8));
        Stays(_builder.Build(_builder.ConvolvePointwise(product, 9), _builder.ConvolvePointwise(product, 9)));
    }

    [Fact]
    public void A_product_that_is_the_residual_stays()
    {
        Value image = _builder.Input(6, 5, 8);
        Value product = _builder.Product(image, _builder.Input(1, 1, 8));
        Graph graph = _builder.Build(_builder.Sum(_builder.ConvolvePointwise(image, 8), product));
        RewriteAssert.LeavesAlone(ResidualFusion.Rewrite(ConvolutionWrapping.Rewrite(graph)), ScaleFusion.Rewrite);
    }

    private static Graph Rewrite(Graph graph) => ScaleFusion.Rewrite(ConvolutionWrapping.Rewrite(graph));

    private static void Stays(Graph graph) => RewriteAssert.LeavesAlone(ConvolutionWrapping.Rewrite(graph), ScaleFusion.Rewrite);
}
