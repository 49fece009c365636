using Sepal.Graphs;
using Sepal.Inference.Rewrites;
using Sepal.Operators;
using Xunit;

namespace Sepal.Tests.Inference.Rewrites;

public sealed class ShuffleFusionTests
{
    private readonly RewriteBuilder _builder = new();

    [Theory]
    [InlineData(1, -1)]
    [InlineData(20, 3)]
    [InlineData(33, -1)]
    public void A_concatenation_and_its_shuffle_are_one(int channels, int axis)
    {
        Graph graph = _builder.Build(Shuffle(channels, axis));
        Graph rewritten = ShuffleFusion.Rewrite(graph);
        var operation = Assert.IsType<AlternateChannels>(Assert.Single(rewritten.Nodes).Operator);
        Assert.Equal(graph.Nodes, operation.Nodes);
        RewriteAssert.Same(_builder, graph, rewritten);
    }

    [Theory]
    [InlineData(2, -1)]
    [InlineData(20, 3)]
    [InlineData(58, -1)]
    public void The_split_of_it_is_part_of_it(int channels, int axis)
    {
        Node split = _builder.AddNode(new Split(axis, [channels, channels]), Shuffle(channels));
        Graph graph = _builder.Build([.. split.Outputs]);
        Graph rewritten = ShuffleFusion.Rewrite(graph);
        Assert.Equal(graph.Nodes, Assert.IsType<AlternateChannels>(Assert.Single(rewritten.Nodes).Operator).Nodes);
        RewriteAssert.Same(_builder, graph, rewritten);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Two_slices_of_it_are_part_of_it(bool highFirst)
    {
        Value shuffled = Shuffle(20);
        Value Low() => _builder.Add(new Slice([0], [20], [3], [1]), shuffled);
        Value High() => _builder.Add(new Slice([20], [long.MaxValue], [-1], [1]), shuffled);
        Value[] halves = highFirst ? [High(), Low()] : [Low(), High()];
        Graph graph = _builder.Build(halves);
        Graph rewritten = ShuffleFusion.Rewrite(graph);
        Assert.Single(rewritten.Nodes);
        RewriteAssert.Same(_builder, graph, rewritten);
    }

    [Theory]
    [InlineData(0, 19, 19, 40, 1)]
    [InlineData(0, 20, 20, 39, 1)]
    [InlineData(0, 20, 19, 40, 1)]
    [InlineData(0, 20, 0, 20, 1)]
    [InlineData(0, 20, 20, 40, 2)]
    public void Other_slices_read_the_whole(int firstStart, int firstEnd, int secondStart, int secondEnd, int step)
    {
        Value shuffled = Shuffle(20);
        Value first = _builder.Add(new Slice([firstStart], [firstEnd], [3], [1]), shuffled);
        Value second = _builder.Add(new Slice([secondStart], [secondEnd], [3], [step]), shuffled);
        Check(3, first, second);
    }

    [Fact]
    public void Unequal_parts_read_the_whole() => Check(2, [.. _builder.AddNode(new Split(-1, [10, 30]), Shuffle(20)).Outputs]);

    [Fact]
    public void Parts_of_another_axis_read_the_whole() => Check(2, [.. _builder.AddNode(new Split(1, [2, 2]), Shuffle(20)).Outputs]);

    [Fact]
    public void An_odd_number_of_channels_reads_the_whole() => Check(2, [.. _builder.AddNode(new Split(-1, [5, 5]), Shuffle(5)).Outputs]);

    [Fact]
    public void Halves_and_another_reader_read_the_whole()
    {
        Value shuffled = Shuffle(20);
        Node split = _builder.AddNode(new Split(-1, [20, 20]), shuffled);
        Check(3, [.. split.Outputs, _builder.Apply(UnaryFunction.Relu, shuffled)]);
    }

    [Fact]
    public void Halves_of_an_output_read_the_whole()
    {
        Value shuffled = Shuffle(20);
        Check(2, [.. _builder.AddNode(new Split(-1, [20, 20]), shuffled).Outputs, shuffled]);
    }

    [Fact]
    public void A_half_of_it_alone_reads_the_whole() => Check(2, _builder.Add(new Slice([0], [20], [3], [1]), Shuffle(20)));

    [Fact]
    public void A_tensor_with_itself_is_joined()
    {
        Value image = _builder.Input(4, 5, 6);
        Check(1, _builder.Add(new ChannelShuffle(2), _builder.Add(new Concatenate(-1), image, image)));
    }

    [Fact]
    public void More_groups_stay() => Stays(_builder.Add(new ChannelShuffle(4), Join(6, 6)));

    [Fact]
    public void Unequal_tensors_stay() => Stays(_builder.Add(new ChannelShuffle(2), Join(4, 6)));

    [Fact]
    public void Three_tensors_stay() => Stays(_builder.Add(
        new ChannelShuffle(2), _builder.Add(new Concatenate(-1), _builder.Input(4, 5, 6), _builder.Input(4, 5, 6), _builder.Input(4, 5, 6))));

    [Fact]
    public void Another_axis_stays() => Stays(_builder.Add(
        new ChannelShuffle(2), _builder.Add(new Concatenate(1), _builder.Input(4, 5, 6), _builder.Input(4, 5, 6))));

    [Fact]
    public void A_concatenation_that_is_an_output_stays()
    {
        Value joined = Join(6, 6);
        Stays(_builder.Add(new ChannelShuffle(2), joined), joined);
    }

    [Fact]
    public void A_concatenation_that_is_read_twice_stays()
    {
        Value joined = Join(6, 6);
        Stays(_builder.Add(new ChannelShuffle(2), joined), _builder.Apply(UnaryFunction.Relu, joined));
    }

    private Value Join(int left, int right, int axis = -1) =>
        _builder.Add(new Concatenate(axis), _builder.Input(4, 5, left), _builder.Input(4, 5, right));

    private Value Shuffle(int channels, int axis = -1) => _builder.Add(new ChannelShuffle(2), Join(channels, channels, axis));

    private void Check(int nodes, params Value[] outputs)
    {
        Graph graph = _builder.Build(outputs);
        Graph rewritten = ShuffleFusion.Rewrite(graph);
        Assert.Equal(nodes, rewritten.Nodes.Length);
        Assert.Contains(rewritten.Nodes, node => node.Operator is AlternateChannels && node.Outputs.Length == 1);
        RewriteAssert.Same(_builder, graph, rewritten);
    }

    private void Stays(params Value[] outputs) => RewriteAssert.LeavesAlone(_builder.Build(outputs), ShuffleFusion.Rewrite);
}
