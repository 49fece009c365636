using Sepal.Graphs;
using Sepal.Operators;
using Sepal.Tests.References;
using Xunit;

namespace Sepal.Tests.Operators;

/// <summary>Operators that move elements, or only name them anew.</summary>
public sealed class CopyingTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(-1)]
    [InlineData(-3)]
    public void Concatenates_along_any_axis(int axis)
    {
        int position = axis < 0 ? axis + 4 : axis;
        foreach (int channels in TestNumbers.Channels)
        {
            var random = new Random(channels);
            int[][] shapes = [.. Enumerable.Range(1, 3).Select(extent =>
            {
                int[] shape = [3, 2, 4, channels];
                shape[position] = extent + (position == 3 ? channels : 0);
                return shape;
            })];
            var harness = new OperatorHarness(
                new Concatenate(axis), [.. shapes.Select(shape => TestNumbers.Operand(random, shape))]);
            harness.Check(operands => ReferenceCopying.Concatenate(operands, shapes, axis));
        }
    }

    [Fact]
    public void Concatenates_over_several_parts()
    {
        int[][] shapes = [[2, 50, 60, 3], [2, 50, 60, 5]];
        var random = new Random(1);
        new OperatorHarness(new Concatenate(), [.. shapes.Select(shape => TestNumbers.Operand(random, shape))])
            .Check(operands => ReferenceCopying.Concatenate(operands, shapes, -1));
    }

    [Fact]
    public void Concatenates_one_tensor() =>
        new OperatorHarness(new Concatenate(), TestNumbers.Operand(new Random(1), [3, 2, 5])).Check(operands => operands[0]);

    [Fact]
    public void Pads_with_zeros()
    {
        foreach (int channels in TestNumbers.Channels)
        {
            CheckPadding(Padding2D.Explicit(1, 2, 3, 4), [3, 4, 5, channels]);
            CheckPadding(Padding2D.Explicit(0, 0, 1, 1), [1, 4, 5, channels]);
        }

        CheckPadding(0, [2, 3, 4, 5]);
        CheckPadding(1, [2, 60, 50, 6]);
    }

    [Fact]
    public void Rescales()
    {
        foreach (int channels in TestNumbers.Channels)
        {
            new OperatorHarness(new Rescaling(1 / 127.5f, -1), TestNumbers.Operand(new Random(channels), [3, 2, 3, channels]))
                .Check(operands => Array.ConvertAll(operands[0], value => (value * (1 / 127.5f)) - 1));
        }
    }

    [Fact]
    public void Flattens_and_reshapes()
    {
        Operand operand = TestNumbers.Operand(new Random(1), [3, 4, 5, 6]);
        new OperatorHarness(new Flatten(), operand).Check(operands => operands[0]);
        new OperatorHarness(new Reshape([5, -1]), operand).Check(operands => operands[0]);
    }

    [Fact]
    public void Flatten_reshape_and_dropout_cost_no_step_at_inference()
    {
        var builder = new GraphBuilder();
        Value value = builder.Input("input", new TensorSpec(new Shape(4, 6).WithBatch()));
        value = builder.Add("flatten", new Flatten(), [value]).Output;
        value = builder.Add("dropout", new Dropout(0.5f), [value]).Output;
        value = builder.Add("reshape", new Reshape([3, 8]), [value]).Output;
        Assert.Empty(GraphHarness.InferenceSteps(builder.Build(value), batch: 2));
    }

    private static void CheckPadding(Padding2D padding, int[] shape) =>
        new OperatorHarness(new ZeroPadding(padding), TestNumbers.Operand(new Random(shape[3]), shape))
            .Check(operands => ReferenceCopying.ZeroPadding(operands[0], shape, padding));
}
