using Sepal.Graphs;
using Sepal.Inference.Rewrites;
using Sepal.Operators;
using Xunit;

namespace Sepal.Tests.Inference.Rewrites;

public sealed class TransposeCancellingTests
{
    private readonly RewriteBuilder _builder = new();

    [Fact]
    public void Transposes_that_undo_each_other_go()
    {
        Value value = _builder.Transpose(_builder.Transpose(_builder.Input(3, 4, 5), 0, 2, 3, 1), 0, 3, 1, 2);
        Check(["Relu"], _builder.Apply(UnaryFunction.Relu, value));
    }

    [Theory]
    [InlineData(2)]
    [InlineData(4)]
    [InlineData(6)]
    public void A_row_of_transposes_goes(int count)
    {
        Value value = _builder.Input(3, 4, 5);
        for (int index = 0; index < count; index++)
        {
            value = index % 2 == 0 ? _builder.Transpose(value, 0, 2, 3, 1) : _builder.Transpose(value, 0, 3, 1, 2);
        }

        Check(["Relu"], _builder.Apply(UnaryFunction.Relu, value));
    }

    [Theory]
    [InlineData(3)]
    [InlineData(5)]
    public void Of_an_odd_row_one_stays(int count)
    {
        Value value = _builder.Input(3, 4, 5);
        for (int index = 0; index < count; index++)
        {
            value = index % 2 == 0 ? _builder.Transpose(value, 0, 2, 3, 1) : _builder.Transpose(value, 0, 3, 1, 2);
        }

        Check(["Transpose", "Relu"], _builder.Apply(UnaryFunction.Relu, value));
    }

    [Fact]
    public void Transposes_that_do_not_undo_each_other_stay()
    {
        Value value = _builder.Transpose(_builder.Transpose(_builder.Input(3, 4, 5), 0, 2, 3, 1), 0, 2, 3, 1);
        RewriteAssert.LeavesAlone(_builder.Build(_builder.Apply(UnaryFunction.Relu, value)), TransposeCancelling.Rewrite);
    }

    [Fact]
    public void A_transpose_that_others_read_stays_for_them()
    {
        Value first = _builder.Transpose(_builder.Input(3, 4, 5), 0, 2, 3, 1);
        Value second = _builder.Apply(UnaryFunction.Relu, _builder.Transpose(first, 0, 3, 1, 2));
        Check(["Transpose", "Relu"], second, first);
    }

    [Fact]
    public void A_transpose_whose_result_is_an_output_stays()
    {
        Value value = _builder.Transpose(_builder.Transpose(_builder.Input(3, 4, 5), 0, 2, 3, 1), 0, 3, 1, 2);
        RewriteAssert.LeavesAlone(_builder.Build(value, _builder.Apply(UnaryFunction.Relu, value)), TransposeCancelling.Rewrite);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(-3)]
    public void Transposes_meet_behind_a_split(int axis)
    {
        Value planar = _builder.Transpose(_builder.Input(4, 5, 6), 0, 3, 1, 2);
        Node split = _builder.AddNode(new Split(axis, [2, 4]), planar);
        Value[] ends = [.. split.Outputs.Select(part => _builder.Apply(UnaryFunction.Relu, _builder.Transpose(part, 0, 2, 3, 1)))];
        Check(["Split", "Relu", "Relu"], ends);
    }

    [Fact]
    public void Transposes_meet_behind_slices()
    {
        Value planar = _builder.Transpose(_builder.Input(4, 5, 6), 0, 3, 1, 2);
        Value once = _builder.Add(new Slice([0, 1], [4, 3], [1, -2], [1, 1]), planar);
        Value twice = _builder.Add(new Slice([3], [0], [1], [-1]), once);
        Check(["Slice", "Slice", "Relu"], _builder.Apply(UnaryFunction.Relu, _builder.Transpose(twice, 0, 2, 3, 1)));
    }

    [Fact]
    public void Two_transposes_move_behind_a_slice()
    {
        Value turned = _builder.Transpose(_builder.Transpose(_builder.Input(4, 5, 6), 0, 2, 3, 1), 0, 2, 3, 1);
        Value sliced = _builder.Add(new Slice([1], [3], [1], [1]), turned);
        Check(["Slice", "Relu"], _builder.Apply(UnaryFunction.Relu, _builder.Transpose(_builder.Transpose(sliced, 0, 3, 1, 2), 0, 3, 1, 2)));
    }

    [Fact]
    public void A_slice_that_leads_to_no_transpose_stays()
    {
        Value planar = _builder.Transpose(_builder.Input(4, 5, 6), 0, 3, 1, 2);
        Value sliced = _builder.Add(new Slice([0], [2], [1], [1]), planar);
        RewriteAssert.LeavesAlone(_builder.Build(_builder.Apply(UnaryFunction.Relu, sliced)), TransposeCancelling.Rewrite);
    }

    [Fact]
    public void A_slice_that_is_an_output_stays()
    {
        Value planar = _builder.Transpose(_builder.Input(4, 5, 6), 0, 3, 1, 2);
        Value sliced = _builder.Add(new Slice([0], [2], [1], [1]), planar);
        RewriteAssert.LeavesAlone(_builder.Build(_builder.Transpose(sliced, 0, 2, 3, 1), sliced), TransposeCancelling.Rewrite);
    }

    private void Check(string[] operators, params Value[] outputs)
    {
        Graph graph = _builder.Build(outputs);
        Graph rewritten = TransposeCancelling.Rewrite(graph);
        Assert.Equal(operators, rewritten.Nodes.Select(node => node.Operator.Name));
        RewriteAssert.Same(_builder, graph, rewritten);
    }
}
