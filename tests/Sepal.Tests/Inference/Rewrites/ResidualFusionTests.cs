using Sepal.Graphs;
using Sepal.Inference.Rewrites;
using Sepal.Operators;
using Xunit;

namespace Sepal.Tests.Inference.Rewrites;

public sealed class ResidualFusionTests
{
    private readonly RewriteBuilder _builder = new();

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_residual_is_added_by_the_convolution(bool residualFirst)
    {
        Value input = _builder.Input(6, 5, 8);
        Value convolved = _builder.Convolve(input, new Convolution(8, 3) { Padding = Padding2D.Same });
        Graph graph = _builder.Build(residualFirst ? _builder.Sum(input, convolved) : _builder.Sum(convolved, input));

        Graph rewritten = Rewrite(graph);

        Node node = Assert.Single(rewritten.Nodes);
        Assert.True(RewriteAssert.Chain(rewritten).Last.HasResidual);
        Assert.Equal(graph.Nodes, RewriteAssert.Chain(rewritten).Nodes);
        Assert.Equal(input, node.Inputs[^1]);
        RewriteAssert.Same(_builder, graph, rewritten);
    }

    [Theory]
    [InlineData(8)]
    [InlineData(3, 8)]
    [InlineData(3, 4, 8)]
    public void A_residual_is_added_by_a_dense_layer(params int[] shape)
    {
        Value input = _builder.Input(shape);
        Graph graph = _builder.Build(_builder.Sum(_builder.Dense(input, 8), input));
        Graph rewritten = Rewrite(graph);
        Assert.Single(rewritten.Nodes);
        RewriteAssert.Same(_builder, graph, rewritten);
    }

    [Fact]
    public void Of_two_convolutions_the_later_one_adds()
    {
        Value input = _builder.Input(6, 5, 8);
        Value first = _builder.ConvolvePointwise(input, 4);
        Value second = _builder.ConvolvePointwise(input, 4);
        Graph graph = _builder.Build(_builder.Sum(first, second));
        Graph rewritten = Rewrite(graph);
        ConvolutionChain[] chains = RewriteAssert.Chains(rewritten);
        Assert.Equal([false, true], chains.Select(chain => chain.Last.HasResidual));
        Assert.Equal(second, chains[1].Stages[0].Product.Output);
        RewriteAssert.Same(_builder, graph, rewritten);
    }

    [Fact]
    public void A_chain_of_residuals_is_added_one_by_one()
    {
        Value value = _builder.Input(6, 5, 8);
        for (int index = 0; index < 3; index++)
        {
            value = _builder.Sum(value, _builder.ConvolvePointwise(value, 8));
        }

        Graph graph = _builder.Build(value);
        Graph rewritten = Rewrite(graph);
        Assert.All(RewriteAssert.Chains(rewritten), chain => Assert.True(chain.Last.HasResidual));
        Assert.Equal(3, rewritten.Nodes.Length);
        RewriteAssert.Same(_builder, graph, rewritten);
    }

    [Fact]
    public void A_sum_made_after_the_convolution_and_before_the_addition_is_added()
    {
        Value input = _builder.Input(6, 5, 8);
        Value convolved = _builder.ConvolvePointwise(input, 8);
        Value later = _builder.Apply(UnaryFunction.Tanh, input);
        Graph graph = _builder.Build(_builder.Sum(convolved, later));
        Graph rewritten = Rewrite(graph);
        Assert.Equal(2, rewritten.Nodes.Length);
        RewriteAssert.Same(_builder, graph, rewritten);
    }

    [Fact]
    public void A_convolution_adds_one_residual_only()
    {
        Value input = _builder.Input(6, 5, 8);
        Value sum = _builder.Sum(_builder.ConvolvePointwise(input, 8), input);
        Graph graph = _builder.Build(_builder.Sum(sum, input));
        Graph rewritten = Rewrite(graph);
        Assert.Equal(2, rewritten.Nodes.Length);
        RewriteAssert.Same(_builder, graph, rewritten);
    }

    [Theory]
    [InlineData(8)]
    [InlineData(1, 1, 8)]
    [InlineData(6, 1, 8)]
    [InlineData(6, 5, 8)]
    public void A_parameter_that_is_repeated_stays(params int[] shape)
    {
        Value convolved = _builder.ConvolvePointwise(_builder.Input(6, 5, 4), 8);
        Stays(_builder.Build(_builder.Sum(convolved, _builder.Parameter(shape))));
    }

    [Fact]
    public void An_image_of_one_pixel_that_is_repeated_stays()
    {
        Value input = _builder.Input(6, 5, 4);
        Value pooled = _builder.Pool(_builder.ConvolvePointwise(input, 8));
        Stays(_builder.Build(_builder.Sum(_builder.ConvolvePointwise(input, 8), pooled)));
    }

    [Fact]
    public void A_result_that_is_repeated_over_a_larger_image_stays()
    {
        Value input = _builder.Input(6, 5, 4);
        Value scale = _builder.ConvolvePointwise(_builder.Pool(input), 4);
        Stays(_builder.Build(_builder.Sum(input, scale)));
    }

    [Fact]
    public void A_depthwise_convolution_stays()
    {
        Value input = _builder.Input(6, 5, 4);
        Stays(_builder.Build(_builder.Sum(_builder.ConvolveDepthwise(input), input)));
    }

    [Fact]
    public void A_result_that_is_an_output_stays()
    {
        Value input = _builder.Input(6, 5, 4);
        Value convolved = _builder.ConvolvePointwise(input, 4);
        Stays(_builder.Build(_builder.Sum(convolved, input), convolved));
    }

    [Fact]
    public void A_result_that_is_read_twice_stays()
    {
        Value input = _builder.Input(6, 5, 4);
        Value convolved = _builder.ConvolvePointwise(input, 4);
        Stays(_builder.Build(_builder.Sum(_builder.Sum(convolved, input), convolved)));
    }

    [Fact]
    public void A_result_that_is_added_to_itself_stays()
    {
        Value convolved = _builder.ConvolvePointwise(_builder.Input(6, 5, 4), 4);
        Stays(_builder.Build(_builder.Sum(convolved, convolved)));
    }

    [Fact]
    public void A_difference_stays()
    {
        Value input = _builder.Input(6, 5, 4);
        Value convolved = _builder.ConvolvePointwise(input, 4);
        Stays(_builder.Build(_builder.Add(new Binary(BinaryFunction.Subtract), convolved, input)));
    }

    private static Graph Rewrite(Graph graph) => ResidualFusion.Rewrite(ConvolutionWrapping.Rewrite(graph));

    private static void Stays(Graph graph) => RewriteAssert.LeavesAlone(ConvolutionWrapping.Rewrite(graph), ResidualFusion.Rewrite);
}
