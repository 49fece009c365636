using Sepal.Graphs;
using Sepal.Operators;
using Xunit;

namespace Sepal.Tests.Operators;

/// <summary>Positions of extreme elements, and the most extreme ones themselves.</summary>
public sealed class SelectionTests
{
    [Fact]
    public void Finds_positions_along_any_axis()
    {
        foreach (ExtremumFunction function in Enum.GetValues<ExtremumFunction>())
        {
            foreach (int axis in (int[])[0, 1, 2, -1, -3])
            {
                Check(ElementHarness.Random<sbyte>(new Random(1), 5, 6, 7), function, axis, last: false);
                Check(ElementHarness.Random<sbyte>(new Random(2), 3, 40, 200), function, axis, last: true);
            }
        }
    }

    [Fact]
    public void Takes_the_first_or_the_last_of_equal_elements()
    {
        TensorData numbers = ElementHarness.Tensor([1, 4], 1f, 3, 3, 1);
        ElementHarness.AssertGives<long>([1], new ArgExtremum(ExtremumFunction.Maximum), numbers);
        ElementHarness.AssertGives<long>([2], new ArgExtremum(ExtremumFunction.Maximum) { SelectLastIndex = true }, numbers);
        ElementHarness.AssertGives<long>([0], new ArgExtremum(ExtremumFunction.Minimum), numbers);
        ElementHarness.AssertGives<long>([3], new ArgExtremum(ExtremumFunction.Minimum) { SelectLastIndex = true }, numbers);
    }

    [Fact]
    public void Keeps_the_axis_where_asked()
    {
        TensorData numbers = ElementHarness.Tensor([2, 3], 1f, 3, 2, 6, 5, 4);
        TensorData positions = ElementHarness.Run(new ArgExtremum(ExtremumFunction.Maximum) { KeepDimensions = true }, numbers)[0];
        Assert.Equal([2, 1], positions.Shape);
        Assert.Equal([1L, 0], positions.Elements<long>().ToArray());
    }

    [Fact]
    public void Finds_the_largest_and_the_smallest()
    {
        foreach (bool largest in (bool[])[true, false])
        {
            foreach (int axis in (int[])[0, 1, 2, -1])
            {
                foreach (int count in (int[])[1, 2, 5])
                {
                    CheckTop(ElementHarness.Random<int>(new Random(count), 5, 6, 7), new TopK(count, axis) { Largest = largest });
                    CheckTop(ElementHarness.Random<int>(new Random(count), 20, 30, 40), new TopK(count, axis) { Largest = largest, Sorted = false });
                }
            }
        }
    }

    [Fact]
    public void Finds_floats_and_bytes()
    {
        TensorData[] floats = ElementHarness.Run(new TopK(2), ElementHarness.Tensor([1, 4], 0.5f, 2.5f, -1, 1));
        Assert.Equal([2.5f, 1], floats[0].Elements<float>().ToArray());
        Assert.Equal([1L, 3], floats[1].Elements<long>().ToArray());
        TensorData[] bytes = ElementHarness.Run(new TopK(3) { Largest = false }, ElementHarness.Tensor<byte>([1, 4], 200, 3, 3, 255));
        Assert.Equal([3, 3, 200], bytes[0].Elements<byte>().ToArray());
        Assert.Equal([1L, 2, 0], bytes[1].Elements<long>().ToArray());
    }

    [Fact]
    public void Refuses_more_than_there_are()
    {
        var builder = new GraphBuilder();
        Value value = builder.Input("value", new TensorSpec([2, 3]));
        Assert.Contains(
            "4 elements are to be taken of 3",
            Assert.Throws<GraphException>(() => builder.Add("top", new TopK(4), [value])).Message,
            StringComparison.Ordinal);
        Assert.Contains(
            "the axis is 2",
            Assert.Throws<GraphException>(() => builder.Add("largest", new ArgExtremum(ExtremumFunction.Maximum, 2), [value])).Message,
            StringComparison.Ordinal);
    }

    private static void Check(TensorData numbers, ExtremumFunction function, int axis, bool last)
    {
        long[] expected = [.. Lines(Array.ConvertAll(numbers.Elements<sbyte>().ToArray(), value => (int)value), numbers.Shape, axis).Select(line =>
        {
            int best = function == ExtremumFunction.Maximum ? line.Max() : line.Min();
            return (long)(last ? Array.LastIndexOf(line, best) : Array.IndexOf(line, best));
        })];
        ElementHarness.AssertGives(expected, new ArgExtremum(function, axis) { SelectLastIndex = last }, numbers);
    }

    private static void CheckTop(TensorData numbers, TopK top)
    {
        TensorData[] outputs = ElementHarness.Run(top, numbers);
        int[][] lines = Lines(numbers.Elements<int>().ToArray(), numbers.Shape, top.Axis);
        int[][] values = Lines(outputs[0].Elements<int>().ToArray(), outputs[0].Shape, top.Axis);
        long[][] positions = Lines(outputs[1].Elements<long>().ToArray(), outputs[1].Shape, top.Axis);
        for (int line = 0; line < lines.Length; line++)
        {
            var chosen = lines[line].Select((value, position) => (Value: value, Position: (long)position))
                .OrderBy(pair => top.Largest ? -pair.Value : pair.Value).ThenBy(pair => pair.Position).Take(top.Count);
            (int Value, long Position)[] expected = [.. top.Sorted ? chosen : chosen.OrderBy(pair => pair.Position)];
            Assert.Equal(expected, values[line].Zip(positions[line]));
        }
    }

    /// <summary>The elements along an axis, line by line.</summary>
    private static T[][] Lines<T>(T[] elements, Shape shape, int axis)
    {
        int position = axis < 0 ? axis + shape.Rank : axis;
        int length = (int)shape[position].Value;
        int inner = (int)new Shape([.. shape.Skip(position + 1)]).ElementCount.Value;
        return [.. Enumerable.Range(0, elements.Length / length).Select(line =>
            Enumerable.Range(0, length).Select(index => elements[((((line / inner) * length) + index) * inner) + (line % inner)]).ToArray())];
    }
}
