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

    [Theory]
    [InlineData(ElementType.Boolean)]
    [InlineData(ElementType.BFloat16)]
    [InlineData(ElementType.Int32)]
    [InlineData(ElementType.Int64)]
    public void Concatenates_any_type_along_any_axis(ElementType type)
    {
        int[] first = [2, 3, 4];
        for (int axis = 0; axis < 3; axis++)
        {
            int[] second = [.. first];
            second[axis] = 0;
            int[] third = [.. first];
            third[axis] = 5;
            int[] whole = [.. first];
            whole[axis] += 5;
            int length = first[axis];
            TensorData[] inputs = [TypedRun.Counting(type, first), TypedRun.Counting(type, second), TypedRun.Counting(type, third)];
            TensorData actual = TypedRun.Of(new Concatenate(axis), inputs)[0];
            foreach ((TensorData part, int start) in new[] { (inputs[0], 0), (inputs[2], length) })
            {
                int[] shape = [.. part.Shape.Select(dimension => (int)dimension.Value)];
                TensorData stretch = TypedRun.Gathered(actual, shape, place =>
                {
                    place[axis] += start;
                    return place;
                });
                TypedRun.AssertSame(part, stretch, $"axis {axis}, from {start}");
            }

            Assert.Equal(TypedRun.Shape(whole), actual.Shape);
        }
    }

    [Fact]
    public void Concatenates_along_the_batch()
    {
        int[][] shapes = [[2, 3, 4], [5, 3, 4]];
        var harness = new OperatorHarness(new Concatenate(0), [.. shapes.Select(shape => TestNumbers.Operand(new Random(1), shape))]);
        harness.CheckTraining(operands => [.. operands[0], .. operands[1]]);
    }

    [Fact]
    public void Refuses_to_concatenate_different_types()
    {
        GraphException error = Assert.Throws<GraphException>(() =>
            TypedRun.Of(new Concatenate(0), TypedRun.Counting(ElementType.Int32, 2), TypedRun.Counting(ElementType.Int64, 2)));
        Assert.Contains("(2) Int32 and (2) Int64. Cast the inputs to one type.", error.Message, StringComparison.Ordinal);
    }

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
    public void Reshapes_whole_shapes_and_sees_what_does_not_fit_when_sizes_are_known()
    {
        Dimension height = Dimension.Symbol("h");
        var builder = new GraphBuilder();
        Value input = builder.Input("input", new TensorSpec([height, 6], ElementType.Int64));
        Node node = builder.Add("reshape", new Reshape([Dimension.FloorDivide(height, 2), 12]) { KeepsBatch = false }, [input]);
        Graph graph = builder.Build(node.Output);
        TensorData data = TypedRun.Counting(ElementType.Int64, 4, 6);
        TensorData output = TypedRun.Of(graph, new Dictionary<string, long> { ["h"] = 4 }, 1, data)[0];
        Assert.Equal([2, 12], output.Shape);
        Assert.Equal(data.Elements<long>(), output.Elements<long>());

        SepalException error = Assert.Throws<SepalException>(() =>
            TypedRun.Of(graph, new Dictionary<string, long> { ["h"] = 5 }, 1, TypedRun.Counting(ElementType.Int64, 5, 6)));
        Assert.StartsWith("Node 'reshape' (Reshape): 30 elements do not fit the shape [2, 12]", error.Message, StringComparison.Ordinal);
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
