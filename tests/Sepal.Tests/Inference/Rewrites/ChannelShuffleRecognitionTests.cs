using Sepal.Graphs;
using Sepal.Inference.Rewrites;
using Sepal.Operators;
using Xunit;

namespace Sepal.Tests.Inference.Rewrites;

public sealed class ChannelShuffleRecognitionTests
{
    private const int Height = 4;
    private const int Width = 5;
    private readonly RewriteBuilder _builder = new();

    [Theory]
    [InlineData(12, 2)]
    [InlineData(12, 3)]
    [InlineData(12, 12)]
    [InlineData(12, 1)]
    public void A_planar_shuffle_is_a_shuffle(int channels, int groups)
    {
        Value shuffled = Shuffle(_builder.Input(Height, Width, channels), channels, groups);
        Graph graph = _builder.Build(_builder.Transpose(shuffled, 0, 2, 3, 1));

        Graph rewritten = Rewrite(graph);

        Assert.Equal(["ChannelShuffle", "Transpose", "Transpose"], rewritten.Nodes.Select(node => node.Operator.Name));
        Assert.Equal(new ChannelShuffle(groups), rewritten.Nodes[0].Operator);
        Assert.Equal(graph.Nodes.Take(4), rewritten.Nodes[0].Origins);
        Assert.IsType<ChannelShuffle>(Assert.Single(TransposeCancelling.Rewrite(rewritten).Nodes, node => node.Operator is ChannelShuffle).Operator);
        RewriteAssert.Same(_builder, graph, rewritten);
    }

    [Fact]
    public void A_planar_shuffle_whose_result_is_an_output_is_one()
    {
        Graph graph = _builder.Build(Shuffle(_builder.Input(Height, Width, 6), 6, 2));
        Graph rewritten = Rewrite(graph);
        Assert.Equal(2, rewritten.Nodes.Length);
        RewriteAssert.Same(_builder, graph, rewritten);
    }

    [Fact]
    public void Shuffles_one_after_the_other_are_found()
    {
        Value once = _builder.Transpose(Shuffle(_builder.Input(Height, Width, 12), 12, 3), 0, 2, 3, 1);
        Graph graph = _builder.Build(_builder.Transpose(Shuffle(once, 12, 2), 0, 2, 3, 1));
        Graph rewritten = Rewrite(graph);
        Assert.Equal([3, 2], rewritten.Nodes.Select(node => node.Operator).OfType<ChannelShuffle>().Select(shuffle => shuffle.Groups));
        RewriteAssert.Same(_builder, graph, TransposeCancelling.Rewrite(rewritten));
    }

    [Fact]
    public void Swapping_other_axes_stays()
    {
        Value planar = _builder.Transpose(_builder.Input(Height, Width, 12), 0, 3, 1, 2);
        Value divided = _builder.Add(new Reshape([3, 4, Height, Width]), planar);
        Value swapped = _builder.Transpose(divided, 0, 1, 2, 4, 3);
        Stays(_builder.Add(new Reshape([12, Height, Width]), swapped));
    }

    [Fact]
    public void Dividing_other_axes_stays()
    {
        Value planar = _builder.Transpose(_builder.Input(Height, Width, 12), 0, 3, 1, 2);
        Value divided = _builder.Add(new Reshape([12, 2, 2, Width]), planar);
        Value swapped = _builder.Transpose(divided, 0, 2, 1, 3, 4);
        Stays(_builder.Add(new Reshape([12, Height, Width]), swapped));
    }

    [Fact]
    public void Joining_other_axes_stays()
    {
        Value planar = _builder.Transpose(_builder.Input(Height, Width, 12), 0, 3, 1, 2);
        Value divided = _builder.Add(new Reshape([3, 4, Height, Width]), planar);
        Value swapped = _builder.Transpose(divided, 0, 2, 1, 3, 4);
        Stays(_builder.Add(new Reshape([4, 3 * Height, Width]), swapped));
    }

    [Fact]
    public void A_step_that_is_an_output_stays()
    {
        Value planar = _builder.Transpose(_builder.Input(Height, Width, 12), 0, 3, 1, 2);
        Value divided = _builder.Add(new Reshape([3, 4, Height, Width]), planar);
        Value swapped = _builder.Transpose(divided, 0, 2, 1, 3, 4);
        Stays(_builder.Add(new Reshape([12, Height, Width]), swapped), divided);
        Stays(_builder.Add(new Reshape([12, Height, Width]), swapped), planar);
        Stays(_builder.Add(new Reshape([12, Height, Width]), swapped), swapped);
    }

    private static Graph Rewrite(Graph graph) => ChannelShuffleRecognition.Rewrite(graph, RewriteAssert.Symbols);

    /// <summary>As exporters write it; the result is planar.</summary>
    private Value Shuffle(Value image, int channels, int groups)
    {
        Value planar = _builder.Transpose(image, 0, 3, 1, 2);
        Value divided = _builder.Add(new Reshape([groups, channels / groups, Height, Width]), planar);
        return _builder.Add(new Reshape([channels, Height, Width]), _builder.Transpose(divided, 0, 2, 1, 3, 4));
    }

    private void Stays(params Value[] outputs) => RewriteAssert.LeavesAlone(_builder.Build(outputs), Rewrite);
}
