using System.Collections.Immutable;
using Sepal.Graphs;
using Sepal.Operators;
using Xunit;

namespace Sepal.Tests.Operators;

/// <summary>Operators that copy elements from positions that are known axis by axis: slicing, repeating, padding, splitting.</summary>
public sealed class AxisCopyTests
{
    public static TheoryData<ElementType> Types { get; } =
        [ElementType.Boolean, ElementType.UInt8, ElementType.BFloat16, ElementType.Float32, ElementType.Int64];

    [Theory]
    [MemberData(nameof(Types))]
    public void Slices_between_random_bounds(ElementType type)
    {
        for (int seed = 0; seed < 200; seed++)
        {
            var random = new Random(seed);
            int[] shape = RandomShape(random, 1);
            int[] axes = [.. Enumerable.Range(0, shape.Length).Where(_ => random.Next(2) == 0)];
            long[] starts = [.. axes.Select(axis => RandomBound(random, shape[axis]))];
            long[] ends = [.. axes.Select(axis => RandomBound(random, shape[axis]))];
            long[] steps = [.. axes.Select(_ => (long)random.Next(1, 4) * (random.Next(2) == 0 ? 1 : -1))];
            int[][] kept = [.. shape.Select((extent, axis) => Array.IndexOf(axes, axis) is >= 0 and var index
                ? PythonSlice(extent, starts[index], ends[index], steps[index])
                : [.. Enumerable.Range(0, extent)])];
            var slice = new Slice(
                [.. starts.Select(Dimension.FromInt64)],
                [.. ends.Select(Dimension.FromInt64)],
                [.. axes.Select(axis => random.Next(2) == 0 ? axis : axis - shape.Length)],
                [.. steps]);
            Check(slice, TypedRun.Counting(type, shape), kept, seed);
        }
    }

    [Fact]
    public void Slices_have_gradients()
    {
        foreach (int channels in TestNumbers.Channels)
        {
            CheckGradient(Slice(3, -1, long.MinValue, -2), [3, 4, 5, channels]);
            CheckGradient(Slice(1, 1, 3, 1), [3, 4, 5, channels]);
        }

        CheckGradient(Slice(1, 1, 49, 2), [2, 50, 20, 24]);
    }

    [Fact]
    public void Slices_of_an_open_axis_keep_it_open()
    {
        Dimension height = Dimension.Symbol("h");
        Assert.Equal([height - 1], Sliced(height, 1, long.MaxValue, 1));
        Assert.Equal([height - 2], Sliced(height, 1, -1, 1));
        Assert.Equal([3], Sliced(height, -3, int.MaxValue, 1));
        Assert.Equal([2], Sliced(height, 0, 2, 1));
        Assert.Equal([height], Sliced(height, -1, long.MinValue, -1));
        Assert.Equal([Dimension.CeilingDivide(height, 2)], Sliced(height, 0, long.MaxValue, 2));
        Assert.Equal([Dimension.FloorDivide(height, 2)], Sliced(height, 0, Dimension.FloorDivide(height, 2), 1));
    }

    [Fact]
    public void Sizes_that_put_a_bound_outside_an_open_axis_are_refused()
    {
        var builder = new GraphBuilder();
        Value input = builder.Input("input", new TensorSpec([Dimension.Symbol("h"), 2]));
        Graph graph = builder.Build(builder.Add("slice", Slice(0, 1, 3, 1), [input]).Output);
        TensorData output = TypedRun.Of(graph, Symbols(4), 1, TypedRun.Counting(ElementType.Float32, 4, 2))[0];
        Assert.Equal([2, 2], output.Shape);
        SepalException error = Assert.Throws<SepalException>(() =>
            TypedRun.Of(graph, Symbols(2), 1, TypedRun.Counting(ElementType.Float32, 2, 2)));
        Assert.Contains("axis 0 has 2 elements, of which [1, 3) takes 1, but the model was made for 2", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Types))]
    public void Expands_to_any_shape(ElementType type)
    {
        foreach ((int[] shape, int[] target, int[] expected) in new (int[], int[], int[])[]
        {
            ([3, 1], [2, 1, 6], [2, 3, 6]),
            ([3, 1], [3, 4], [3, 4]),
            ([1], [0], [0]),
            ([], [2, 3], [2, 3]),
            ([1, 5, 1, 3], [2, 1, 4, 3], [2, 5, 4, 3]),
            ([2, 3], [1], [2, 3]),
        })
        {
            int[] aligned = [.. Enumerable.Repeat(1, expected.Length - shape.Length), .. shape];
            int[][] kept = [.. expected.Select((extent, axis) =>
                Enumerable.Range(0, extent).Select(place => aligned[axis] == 1 ? 0 : place).ToArray())];
            Check(new Expand(TypedRun.Shape(target)), TypedRun.Counting(type, shape), kept, 0);
        }
    }

    [Theory]
    [MemberData(nameof(Types))]
    public void Tiles(ElementType type)
    {
        for (int seed = 0; seed < 60; seed++)
        {
            var random = new Random(seed);
            int[] shape = RandomShape(random, 0);
            long[] repeats = [.. shape.Select(_ => (long)random.Next(0, 4))];
            int[][] kept = [.. shape.Select((extent, axis) =>
                Enumerable.Range(0, extent * (int)repeats[axis]).Select(place => place % extent).ToArray())];
            Check(new Tile([.. repeats.Select(Dimension.FromInt64)]), TypedRun.Counting(type, shape), kept, seed);
        }
    }

    [Fact]
    public void Repeating_has_gradients()
    {
        CheckGradient(new Tile([1, 2, 3, 1]), [3, 4, 5, 6]);
        CheckGradient(new Tile([1, 1, 1, 2]), [3, 4, 5, 17]);
        CheckGradient(new Expand([1, 4, 5, 6]), [3, 1, 1, 6]);
        CheckGradient(new Expand([1, 4, 5, 6]), [3, 4, 5, 1]);
        CheckGradient(new Expand([1, 4, 5, 6]), [3, 4, 5, 6]);
    }

    [Theory]
    [MemberData(nameof(Types))]
    public void Pads_and_crops_in_every_mode(ElementType type)
    {
        foreach (PadMode mode in Enum.GetValues<PadMode>())
        {
            for (int seed = 0; seed < 60; seed++)
            {
                var random = new Random(seed);
                int[] shape = RandomShape(random, 1);
                long[] before = [.. shape.Select(extent => (long)random.Next(-1, 5))];
                long[] after = [.. shape.Select(extent => Math.Max(random.Next(-1, 9), -extent - before[0]))];
                int[][] kept = [.. shape.Select((extent, axis) => Padded(mode, extent, before[axis], after[axis]))];
                Check(new Pad(mode, [.. before], [.. after]), TypedRun.Counting(type, shape), kept, seed);
            }
        }
    }

    [Fact]
    public void Pads_with_a_value_of_the_type()
    {
        TensorData input = TensorData.OfInt64(1, 2);
        TensorData value = TensorData.Of<long>([], ElementType.Int64, [(1L << 60) + 1]);
        TensorData output = TypedRun.Of(new Pad(PadMode.Constant, [1], [2]), input, value)[0];
        Assert.Equal([(1L << 60) + 1, 1, 2, (1L << 60) + 1, (1L << 60) + 1], output.Elements<long>().ToArray());
    }

    [Fact]
    public void Padding_has_gradients()
    {
        foreach (PadMode mode in Enum.GetValues<PadMode>())
        {
            CheckGradient(new Pad(mode, [0, 1, 2, 0], [0, 3, 0, 0]), [3, 4, 5, 6]);
            CheckGradient(new Pad(mode, [0, -1, 2, 1], [0, 3, -2, 0]), [3, 4, 5, 17]);
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(-2)]
    public void Splits_along_any_axis(int axis)
    {
        int position = axis < 0 ? axis + 4 : axis;
        int[] shape = [3, 7, 6, 5];
        foreach (ElementType type in new[] { ElementType.UInt8, ElementType.Int64, ElementType.Float32 })
        {
            TensorData input = TypedRun.Counting(type, shape);
            int[] sizes = [2, 0, 1, shape[position] - 3];
            TensorData[] outputs = TypedRun.Of(new Split(axis, [.. sizes.Select(size => (Dimension)size)]), input);
            int start = 0;
            for (int index = 0; index < sizes.Length; index++)
            {
                int[] part = [.. shape];
                part[position] = sizes[index];
                int first = start;
                TensorData expected = TypedRun.Gathered(input, part, place =>
                {
                    place[position] += first;
                    return place;
                });
                TypedRun.AssertSame(expected, outputs[index], $"{type}, output {index}");
                start += sizes[index];
            }
        }
    }

    [Fact]
    public void Splitting_has_a_gradient_also_where_an_output_is_not_read()
    {
        var builder = new GraphBuilder();
        Value parameter = builder.Parameter("p", [2, 3, 5], Sepal.Training.Initializers.Constant.Zeros);
        Node split = builder.Add("split", new Split(2, [1, 2, 2]), [parameter]);
        Value sum = builder.Add("sum", new Binary(BinaryFunction.Add), [split.Outputs[2], split.Outputs[2]]).Output;
        Graph graph = builder.Build(split.Outputs[0], sum);
        var values = new Dictionary<string, float[]> { ["p"] = [.. Enumerable.Range(0, 30).Select(number => (float)number)] };
        float[] first = [.. Enumerable.Range(1, 6).Select(number => (float)number)];
        float[] second = [.. Enumerable.Range(10, 12).Select(number => (float)number)];
        TrainingRun run = GraphHarness.Train(graph, values, [first, second], 1, new RunOptions());
        float[] expected = [.. Enumerable.Range(0, 6).SelectMany(row =>
            new float[] { first[row], 0, 0, 2 * second[2 * row], 2 * second[(2 * row) + 1] })];
        Assert.Equal(expected, run.Gradients["p"]);
    }

    [Fact]
    public void What_stays_in_place_costs_no_step()
    {
        var builder = new GraphBuilder();
        Value value = builder.Input("input", new TensorSpec([Dimension.Batch, 4]));
        value = builder.Add("slice", Slice(1, 0, long.MaxValue, 1), [value]).Output;
        value = builder.Add("expand", new Expand([1, 4]), [value]).Output;
        value = builder.Add("tile", new Tile([1, 1]), [value]).Output;
        value = builder.Add("pad", new Pad(PadMode.Constant, [0, 0], [0, 0]), [value]).Output;
        value = builder.Add("split", new Split(1, [4]), [value]).Output;
        Assert.Empty(GraphHarness.InferenceSteps(builder.Build(value), batch: 2));
    }

    private static void Check(Operator @operator, TensorData input, int[][] kept, int seed)
    {
        int rank = input.Shape.Rank;
        int[] shape = [.. kept.Select(axis => axis.Length)];
        TensorData expected = TypedRun.Gathered(input, shape, place =>
        {
            int[] source = [.. place.Select((index, axis) => kept[axis][index])];
            return source.Contains(-1) ? null : source[^rank..];
        });
        TensorData actual = TypedRun.Of(@operator, input)[0];
        TypedRun.AssertSame(expected, actual, $"seed {seed}, {@operator.Name} of {input.Shape} to {expected.Shape}");
    }

    /// <summary>The gradient against finite differences; the values are the inference plan's own, checked elsewhere.</summary>
    private static void CheckGradient(Operator @operator, int[] shape)
    {
        Operand operand = TestNumbers.Operand(new Random(1), shape);
        var harness = new OperatorHarness(@operator, operand) { Terms = 64 };

        // A copy: which element goes where is read off a tensor of their own numbers.
        TensorData numbers = TypedRun.Counting(ElementType.Int32, shape);
        byte[] shifted = [.. TypedRun.Of(@operator, numbers)[0].Bytes.Span];
        TensorData ones = TensorData.Of<int>(numbers.Shape, ElementType.Int32, Enumerable.Repeat(1, numbers.Length).ToArray());
        int[] copied = TypedRun.Of(@operator, ones)[0].Elements<int>().ToArray();
        int[] places = System.Runtime.InteropServices.MemoryMarshal.Cast<byte, int>(shifted.AsSpan()).ToArray();
        harness.Check(operands => [.. places.Select((place, index) => copied[index] == 0 ? 0 : operands[0][place])]);
    }

    private static Slice Slice(int axis, Dimension start, Dimension end, long step) => new([start], [end], [axis], [step]);

    private static Shape Sliced(Dimension length, Dimension start, Dimension end, long step)
    {
        Slice slice = Slice(0, start, end, step);
        return slice.InferOutputs(new OperatorCall("slice", slice, [new TensorSpec([length])]))[0].Shape;
    }

    private static Dictionary<string, long> Symbols(long height) => new() { ["h"] = height };

    private static int[] RandomShape(Random random, int least) =>
        [.. Enumerable.Range(0, random.Next(1, 5)).Select(_ => random.Next(least, 7))];

    private static long RandomBound(Random random, int extent) => random.Next(5) switch
    {
        0 => long.MaxValue,
        1 => long.MinValue,
        _ => random.Next(-extent - 2, extent + 3),
    };

    /// <summary>What Python's <c>range(extent)[start:end:step]</c> keeps.</summary>
    private static int[] PythonSlice(int extent, long start, long end, long step)
    {
        decimal Absolute(decimal bound) => bound < 0 ? bound + extent : bound;
        var kept = new List<int>();
        decimal first = step > 0 ? Math.Clamp(Absolute(start), 0, extent) : Math.Clamp(Absolute(start), -1, extent - 1);
        decimal last = step > 0 ? Math.Clamp(Absolute(end), 0, extent) : Math.Clamp(Absolute(end), -1, extent - 1);

        // ONNX clamps the start of a backward slice to the first element, where Python takes nothing.
        first = step < 0 ? Math.Max(first, 0) : first;
        for (decimal place = first; step > 0 ? place < last : place > last; place += step)
        {
            kept.Add((int)place);
        }

        return [.. kept];
    }

    private static int[] Padded(PadMode mode, int extent, long before, long after)
    {
        var kept = new List<int>();
        for (long place = -before; place < extent + after; place++)
        {
            long source = place;
            while (mode == PadMode.Reflect && extent > 1 && (source < 0 || source >= extent))
            {
                source = source < 0 ? -source : (2 * (extent - 1)) - source;
            }

            while (mode == PadMode.Wrap && (source < 0 || source >= extent))
            {
                source += source < 0 ? extent : -extent;
            }

            bool isInside = source >= 0 && source < extent;
            kept.Add((int)(isInside ? source : mode == PadMode.Constant ? -1 : Math.Clamp(source, 0, extent - 1)));
        }

        return [.. kept];
    }
}
