using Sepal.Graphs;
using Sepal.Operators;
using Xunit;

namespace Sepal.Tests.Operators;

public sealed class GatherTests
{
    public static TheoryData<ElementType, ElementType> Types { get; } =
    [
        .. from type in new[] { ElementType.Boolean, ElementType.Float16, ElementType.Float32, ElementType.Int64 }
           from indices in new[] { ElementType.Int32, ElementType.Int64 }
           select (type, indices),
    ];

    [Theory]
    [MemberData(nameof(Types))]
    public void Gathers_slices(ElementType type, ElementType indexType)
    {
        for (int seed = 0; seed < 60; seed++)
        {
            var random = new Random(seed);
            int[] shape = [.. Enumerable.Range(0, random.Next(1, 4)).Select(_ => random.Next(1, 6))];
            int[] indexShape = [.. Enumerable.Range(0, random.Next(3)).Select(_ => random.Next(4))];
            int axis = random.Next(shape.Length);
            int[] indices = RandomIndices(random, indexShape, shape[axis]);
            int[] expectedShape = [.. shape[..axis], .. indexShape, .. shape[(axis + 1)..]];
            TensorData input = TypedRun.Counting(type, shape);
            TensorData expected = TypedRun.Gathered(input, expectedShape, place =>
            {
                int index = indices[Flat(place[axis..(axis + indexShape.Length)], indexShape)];
                return [.. place[..axis], index < 0 ? index + shape[axis] : index, .. place[(axis + indexShape.Length)..]];
            });
            TensorData actual = TypedRun.Of(new Gather(axis), input, Indices(indexType, indexShape, indices))[0];
            TypedRun.AssertSame(expected, actual, $"seed {seed}");
        }
    }

    [Theory]
    [MemberData(nameof(Types))]
    public void Gathers_elements(ElementType type, ElementType indexType)
    {
        for (int seed = 0; seed < 60; seed++)
        {
            var random = new Random(seed);
            int[] shape = [.. Enumerable.Range(0, random.Next(1, 4)).Select(_ => random.Next(1, 6))];
            int axis = random.Next(shape.Length);
            int[] indexShape = [.. shape.Select((extent, index) => index == axis ? random.Next(8) : random.Next(1, extent + 1))];
            int[] indices = RandomIndices(random, indexShape, shape[axis]);
            TensorData input = TypedRun.Counting(type, shape);
            TensorData expected = TypedRun.Gathered(input, indexShape, place =>
            {
                int index = indices[Flat(place, indexShape)];
                int[] source = [.. place];
                source[axis] = index < 0 ? index + shape[axis] : index;
                return source;
            });
            TensorData actual = TypedRun.Of(new GatherElements(axis - shape.Length), input, Indices(indexType, indexShape, indices))[0];
            TypedRun.AssertSame(expected, actual, $"seed {seed}");
        }
    }

    [Theory]
    [InlineData(4)]
    [InlineData(-5)]
    [InlineData(long.MaxValue)]
    [InlineData(long.MinValue)]
    public void An_index_outside_the_axis_fails_the_run(long index)
    {
        TensorData input = TypedRun.Counting(ElementType.Float32, 4, 2);
        SepalException error = Assert.Throws<SepalException>(() => TypedRun.Of(new Gather(0), input, TensorData.OfInt64(0, index)));
        Assert.Equal($"Node 'operator': index 1 is {index}, but the axis has 4 elements. Give indices from −4 to 3.", error.Message);
        TensorData elements = TensorData.Of<long>([1, 2], ElementType.Int64, [0, index]);
        Assert.Throws<SepalException>(() => TypedRun.Of(new GatherElements(0), input, elements));
    }

    [Fact]
    public void Refuses_indices_of_another_type()
    {
        TensorData input = TypedRun.Counting(ElementType.Float32, 4, 2);
        GraphException error = Assert.Throws<GraphException>(() => TypedRun.Of(new Gather(0), input, TypedRun.Counting(ElementType.Int8, 2)));
        Assert.Contains("input 1 holds Int8", error.Message, StringComparison.Ordinal);
    }

    private static int[] RandomIndices(Random random, int[] shape, int extent) =>
        [.. Enumerable.Range(0, TestNumbers.Length(shape)).Select(_ => random.Next(-extent, extent))];

    private static TensorData Indices(ElementType type, int[] shape, int[] indices) => type == ElementType.Int64
        ? TensorData.Of<long>(TypedRun.Shape(shape), type, Array.ConvertAll(indices, index => (long)index))
        : TensorData.Of<int>(TypedRun.Shape(shape), type, indices);

    private static int Flat(int[] place, int[] shape) => place.Zip(shape).Aggregate(0, (sum, pair) => (sum * pair.Second) + pair.First);
}
