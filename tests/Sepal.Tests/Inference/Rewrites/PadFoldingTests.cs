using Sepal.Graphs;
using Sepal.Inference.Rewrites;
using Sepal.Operators;
using Xunit;

namespace Sepal.Tests.Inference.Rewrites;

public sealed class PadFoldingTests
{
    private static readonly Padding2D Sides = Padding2D.Explicit(1, 2, 3, 0);
    private readonly RewriteBuilder _builder = new();

    [Fact]
    public void Zeros_around_an_image_become_padding()
    {
        Value padded = _builder.Add(new ZeroPadding(Sides), _builder.Input(7, 6, 3));
        Check(padded, Padding2D.Valid, Sides);
    }

    [Fact]
    public void Paddings_add_up()
    {
        Value padded = _builder.Add(new ZeroPadding(Sides), _builder.Input(7, 6, 3));
        Check(padded, Padding2D.Explicit(0, 1, 1, 2), Padding2D.Explicit(1, 3, 4, 2));
    }

    [Fact]
    public void A_pad_of_the_two_middle_axes_becomes_padding()
    {
        Value padded = _builder.Add(new Pad(PadMode.Constant, [0, 1, 2, 0], [0, 3, 0, 0]), _builder.Input(7, 6, 3));
        Check(padded, Padding2D.Valid, Sides);
    }

    [Fact]
    public void A_pad_with_a_given_zero_becomes_padding()
    {
        Value padded = _builder.Add(new Pad(PadMode.Constant, [0, 1, 2, 0], [0, 3, 0, 0]), _builder.Input(7, 6, 3), _builder.Constant([1], 0));
        Check(padded, Padding2D.Valid, Sides);
    }

    [Fact]
    public void A_pad_with_another_number_stays()
    {
        Value padded = _builder.Add(new Pad(PadMode.Constant, [0, 1, 1, 0], [0, 1, 1, 0]), _builder.Input(7, 6, 3), _builder.Constant([1], 0.5f));
        Stays(padded, Padding2D.Valid);
    }

    [Fact]
    public void A_pad_with_a_parameter_stays()
    {
        Value padded = _builder.Add(new Pad(PadMode.Constant, [0, 1, 1, 0], [0, 1, 1, 0]), _builder.Input(7, 6, 3), _builder.Parameter([1]));
        Stays(padded, Padding2D.Valid);
    }

    [Theory]
    [InlineData(PadMode.Reflect)]
    [InlineData(PadMode.Edge)]
    public void Other_modes_stay(PadMode mode) =>
        Stays(_builder.Add(new Pad(mode, [0, 1, 1, 0], [0, 1, 1, 0]), _builder.Input(7, 6, 3)), Padding2D.Valid);

    [Fact]
    public void Cropping_stays() =>
        Stays(_builder.Add(new Pad(PadMode.Constant, [0, -1, 1, 0], [0, 1, 1, 0]), _builder.Input(7, 6, 3)), Padding2D.Valid);

    [Fact]
    public void Padded_channels_stay() =>
        Stays(_builder.Add(new Pad(PadMode.Constant, [0, 1, 1, 1], [0, 1, 1, 0]), _builder.Input(7, 6, 3)), Padding2D.Valid);

    [Fact]
    public void Padding_that_follows_from_the_size_stays() =>
        Stays(_builder.Add(new ZeroPadding(Sides), _builder.Input(7, 6, 3)), Padding2D.Same);

    [Fact]
    public void A_padded_image_that_is_an_output_stays()
    {
        Value padded = _builder.Add(new ZeroPadding(Sides), _builder.Input(7, 6, 3));
        RewriteAssert.LeavesAlone(_builder.Build(_builder.Convolve(padded, new Convolution(4, 3)), padded), PadFolding.Rewrite);
    }

    [Fact]
    public void A_padded_image_that_is_read_twice_stays()
    {
        Value padded = _builder.Add(new ZeroPadding(Sides), _builder.Input(7, 6, 3));
        RewriteAssert.LeavesAlone(
            _builder.Build(_builder.Convolve(padded, new Convolution(4, 3)), _builder.Apply(UnaryFunction.Relu, padded)), PadFolding.Rewrite);
    }

    [Fact]
    public void A_padded_image_that_is_pooled_stays()
    {
        Value padded = _builder.Add(new ZeroPadding(Sides), _builder.Input(7, 6, 3));
        RewriteAssert.LeavesAlone(_builder.Build(_builder.Add(new Pooling(PoolingFunction.Average, 2), padded)), PadFolding.Rewrite);
    }

    private void Check(Value padded, Padding2D own, Padding2D expected)
    {
        var convolution = new Convolution(4, 3) { Padding = own, Strides = 2 };
        Graph graph = _builder.Build(_builder.Convolve(padded, convolution));
        Graph rewritten = PadFolding.Rewrite(graph);
        Node node = Assert.Single(rewritten.Nodes);
        Assert.Equal(convolution with { Padding = expected }, node.Operator);
        Assert.Equal(graph.Nodes, node.Origins);
        RewriteAssert.Same(_builder, graph, rewritten);
    }

    private void Stays(Value padded, Padding2D own) =>
        RewriteAssert.LeavesAlone(_builder.Build(_builder.Convolve(padded, new Convolution(4, 3) { Padding = own })), PadFolding.Rewrite);
}
