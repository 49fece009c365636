using Sepal.Graphs;
using Sepal.Inference.Rewrites;
using Sepal.Operators;
using Xunit;

namespace Sepal.Tests.Inference.Rewrites;

public sealed class PoolingFusionTests
{
    private readonly RewriteBuilder _builder = new();

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void The_mean_of_a_convolution_is_computed_along(bool keepDimensions)
    {
        Value convolved = _builder.ConvolveDepthwise(_builder.Input(9, 7, 19), 2);
        Check(_builder.Build(_builder.Pool(convolved, keepDimensions)), 1);
    }

    [Theory]
    [InlineData(1, 2)]
    [InlineData(-2, -3)]
    [InlineData(2, -3)]
    public void A_mean_over_height_and_width_is_one_too(int first, int second)
    {
        foreach (bool keepDimensions in (bool[])[true, false])
        {
            var builder = new RewriteBuilder();
            Value convolved = builder.ConvolveDepthwise(builder.Input(9, 7, 19));
            Graph graph = builder.Build(builder.Add(new Reduction(ReductionFunction.Mean, [first, second]) { KeepDimensions = keepDimensions }, convolved));
            Graph rewritten = Rewrite(graph);
            Assert.Single(rewritten.Nodes);
            RewriteAssert.Same(builder, graph, rewritten);
        }
    }

    [Fact]
    public void The_mean_of_a_convolution_that_is_not_depthwise_stays()
    {
        Value image = _builder.Input(9, 7, 4);
        Value[] products = [_builder.Dense(image, 19), _builder.ConvolvePointwise(image, 6), _builder.Convolve(image, new Convolution(8, 3) { Groups = 2 })];
        Stays(_builder.Build([.. products.Select(product => _builder.Pool(product))]));
    }

    [Fact]
    public void Others_may_read_the_convolution_too()
    {
        Value convolved = _builder.ConvolveDepthwise(_builder.Input(9, 7, 8));
        Value scaled = _builder.Product(convolved, _builder.Apply(UnaryFunction.Sigmoid, _builder.Pool(convolved)));
        Check(_builder.Build(scaled, convolved), 3);
    }

    [Fact]
    public void The_mean_comes_after_the_activation()
    {
        Value convolved = _builder.Apply(UnaryFunction.Relu6, _builder.Normalize(_builder.ConvolveDepthwise(_builder.Input(9, 7, 20))));
        Graph graph = _builder.Build(_builder.Pool(convolved));
        Graph rewritten = PoolingFusion.Rewrite(ActivationFusion.Rewrite(NormalizationFusion.Rewrite(ConvolutionWrapping.Rewrite(graph))));
        Assert.Single(rewritten.Nodes);
        RewriteAssert.Same(_builder, graph, rewritten);
    }

    [Fact]
    public void Of_two_means_one_is_computed_along()
    {
        Value convolved = _builder.ConvolveDepthwise(_builder.Input(9, 7, 8));
        Check(_builder.Build(_builder.Pool(convolved), _builder.Pool(convolved, keepDimensions: false)), 2);
    }

    [Fact]
    public void A_maximum_stays() => Stays(_builder.Build(_builder.Add(
        new GlobalPooling(PoolingFunction.Maximum), _builder.ConvolveDepthwise(_builder.Input(9, 7, 8)))));

    [Fact]
    public void A_sum_stays() => Stays(_builder.Build(_builder.Add(
        new Reduction(ReductionFunction.Sum, [1, 2]), _builder.ConvolveDepthwise(_builder.Input(9, 7, 8)))));

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(2, 3)]
    [InlineData(1, 2, 3)]
    public void A_mean_over_other_axes_stays(params int[] axes) => Stays(_builder.Build(_builder.Add(
        new Reduction(ReductionFunction.Mean, [.. axes]), _builder.ConvolveDepthwise(_builder.Input(9, 7, 8)))));

    [Fact]
    public void A_mean_of_something_else_stays() => Stays(_builder.Build(_builder.Pool(_builder.Add(
        new Pooling(PoolingFunction.Average, 2), _builder.ConvolveDepthwise(_builder.Input(9, 7, 8))))));

    private static Graph Rewrite(Graph graph) => PoolingFusion.Rewrite(ConvolutionWrapping.Rewrite(graph));

    private static void Stays(Graph graph) => RewriteAssert.LeavesAlone(ConvolutionWrapping.Rewrite(graph), PoolingFusion.Rewrite);

    private void Check(Graph graph, int nodes)
    {
        Graph rewritten = Rewrite(graph);
        Assert.Equal(nodes, rewritten.Nodes.Length);
        Assert.True(RewriteAssert.Chain(rewritten).PoolsResult);
        Assert.Equal(2, RewriteAssert.Chain(rewritten).Nodes.Length);
        RewriteAssert.Same(_builder, graph, rewritten);
    }
}
