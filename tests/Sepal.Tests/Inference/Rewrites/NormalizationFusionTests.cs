using Sepal.Graphs;
using Sepal.Inference.Rewrites;
using Sepal.Operators;
using Xunit;

namespace Sepal.Tests.Inference.Rewrites;

public sealed class NormalizationFusionTests
{
    private readonly RewriteBuilder _builder = new();

    [Theory]
    [InlineData(1, 3, true)]
    [InlineData(1, 1, false)]
    [InlineData(2, 3, false)]
    [InlineData(4, 3, true)]
    public void A_normalisation_is_folded_into_the_convolution(int groups, int kernel, bool hasBias)
    {
        var convolution = new Convolution(8, kernel) { Groups = groups };
        Graph graph = _builder.Build(_builder.Normalize(_builder.Convolve(_builder.Input(6, 5, 4), convolution, hasBias), 1e-2f));

        Graph rewritten = Rewrite(graph);

        ConvolutionChain chain = RewriteAssert.Chain(rewritten);
        Assert.Equal(1e-2f, chain.Last.Epsilon);
        Assert.Equal(graph.Nodes, chain.Nodes);
        Node node = Assert.Single(rewritten.Nodes);
        Assert.Equal(graph.Nodes[0].Inputs.AddRange(graph.Nodes[1].Inputs.Skip(1)), node.Inputs);
        RewriteAssert.Same(_builder, graph, rewritten);
    }

    [Fact]
    public void A_normalisation_is_folded_into_a_dense_layer()
    {
        Graph graph = _builder.Build(_builder.Normalize(_builder.Dense(_builder.Input(4, 9), 7)));
        Graph rewritten = Rewrite(graph);
        Assert.NotNull(RewriteAssert.Chain(rewritten).Last.Epsilon);
        Assert.Single(rewritten.Nodes);
        RewriteAssert.Same(_builder, graph, rewritten);
    }

    [Fact]
    public void Only_the_first_of_two_normalisations_is_folded()
    {
        Graph graph = _builder.Build(_builder.Normalize(_builder.Normalize(_builder.ConvolvePointwise(_builder.Input(6, 5, 4), 8))));
        Graph rewritten = Rewrite(graph);
        Assert.Equal(2, rewritten.Nodes.Length);
        RewriteAssert.Same(_builder, graph, rewritten);
    }

    [Fact]
    public void A_convolution_that_is_an_output_stays()
    {
        Value convolved = _builder.ConvolvePointwise(_builder.Input(6, 5, 4), 8);
        Stays(_builder.Build(_builder.Normalize(convolved), convolved));
    }

    [Fact]
    public void A_convolution_that_is_read_twice_stays()
    {
        Value convolved = _builder.ConvolvePointwise(_builder.Input(6, 5, 4), 8);
        Stays(_builder.Build(_builder.Sum(_builder.Normalize(convolved), convolved)));
    }

    [Fact]
    public void Statistics_that_are_data_stay()
    {
        Value convolved = _builder.ConvolvePointwise(_builder.Input(6, 5, 4), 8);
        Value variance = _builder.Apply(UnaryFunction.Sigmoid, _builder.Parameter([8]));
        Stays(_builder.Build(_builder.Add(
            new BatchNormalization(), convolved, _builder.Parameter([8]), _builder.Parameter([8]), _builder.Parameter([8]), variance)));
    }

    [Fact]
    public void A_normalisation_after_an_activation_stays()
    {
        Value convolved = _builder.ConvolvePointwise(_builder.Input(6, 5, 4), 8);
        Stays(_builder.Build(_builder.Normalize(_builder.Apply(UnaryFunction.Relu, convolved))));
    }

    private static Graph Rewrite(Graph graph) => NormalizationFusion.Rewrite(ConvolutionWrapping.Rewrite(graph));

    private static void Stays(Graph graph) => RewriteAssert.LeavesAlone(ConvolutionWrapping.Rewrite(graph), NormalizationFusion.Rewrite);
}
