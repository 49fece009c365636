using Sepal.Graphs;
using Sepal.Inference.Rewrites;
using Sepal.Operators;
using Xunit;

namespace Sepal.Tests.Inference.Rewrites;

public sealed class ActivationFusionTests
{
    private readonly RewriteBuilder _builder = new();

    public static TheoryData<UnaryFunction> Functions =>
    [
        .. Enum.GetValues<UnaryFunction>().Except(
            [UnaryFunction.Not, UnaryFunction.Log, UnaryFunction.Sqrt, UnaryFunction.Reciprocal, UnaryFunction.Sign, UnaryFunction.Floor, UnaryFunction.Ceiling, UnaryFunction.Round]),
    ];

    [Theory]
    [MemberData(nameof(Functions))]
    public void An_activation_is_applied_by_the_convolution(UnaryFunction function)
    {
        foreach (int groups in (int[])[1, 20])
        {
            var builder = new RewriteBuilder();
            Value convolved = builder.Convolve(builder.Input(6, 5, 20), new Convolution(20, 3) { Groups = groups });
            var activation = new Unary(function) { Minimum = -0.25f, Maximum = 0.5f };
            Graph graph = builder.Build(builder.Add(activation, convolved));

            Graph rewritten = Rewrite(graph);

            Assert.Single(rewritten.Nodes);
            Assert.Equal(activation, RewriteAssert.Chain(rewritten).Last.Activation);
            Assert.Equal(graph.Nodes, RewriteAssert.Chain(rewritten).Nodes);
            RewriteAssert.Same(builder, graph, rewritten, function.ToString());
        }
    }

    [Fact]
    public void Crossing_bounds_give_the_maximum()
    {
        var activation = new Unary(UnaryFunction.Clip) { Minimum = 0.5f, Maximum = -0.5f };
        Graph graph = _builder.Build(_builder.Add(activation, _builder.ConvolvePointwise(_builder.Input(6, 5, 4), 20)));
        RewriteAssert.Same(_builder, graph, Rewrite(graph));
    }

    [Fact]
    public void Only_the_first_of_two_activations_is_applied()
    {
        Value convolved = _builder.Dense(_builder.Input(4), 20);
        Graph graph = _builder.Build(_builder.Apply(UnaryFunction.Tanh, _builder.Apply(UnaryFunction.Swish, convolved)));
        Graph rewritten = Rewrite(graph);
        Assert.Equal(2, rewritten.Nodes.Length);
        Assert.Equal(UnaryFunction.Swish, RewriteAssert.Chain(rewritten).Last.Activation!.Function);
        RewriteAssert.Same(_builder, graph, rewritten);
    }

    [Fact]
    public void A_result_that_is_an_output_stays()
    {
        Value convolved = _builder.ConvolvePointwise(_builder.Input(6, 5, 4), 4);
        Stays(_builder.Build(_builder.Apply(UnaryFunction.Relu, convolved), convolved));
    }

    [Fact]
    public void A_result_that_is_read_twice_stays()
    {
        Value convolved = _builder.ConvolvePointwise(_builder.Input(6, 5, 4), 4);
        Stays(_builder.Build(_builder.Product(_builder.Apply(UnaryFunction.Sigmoid, convolved), convolved)));
    }

    [Fact]
    public void A_softmax_stays() => Stays(_builder.Build(_builder.Add(new Softmax(), _builder.Dense(_builder.Input(4), 4))));

    private static Graph Rewrite(Graph graph) => ActivationFusion.Rewrite(ConvolutionWrapping.Rewrite(graph));

    private static void Stays(Graph graph) => RewriteAssert.LeavesAlone(ConvolutionWrapping.Rewrite(graph), ActivationFusion.Rewrite);
}
