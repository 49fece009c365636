using Sepal.Graphs;
using Sepal.Operators;
using Xunit;

namespace Sepal.Tests.Operators;

public sealed class TransposeTests
{
    [Fact]
    public void Moves_channels_to_either_place_for_every_count()
    {
        foreach (int channels in TestNumbers.Channels)
        {
            Check([3, 5, 4, channels], [0, 3, 1, 2]);
            Check([3, channels, 5, 4], [0, 2, 3, 1]);
        }

        Check([2, 60, 50, 24], [0, 3, 1, 2]);
        Check([2, 24, 60, 50], [0, 2, 3, 1]);
    }

    [Theory]
    [InlineData(ElementType.UInt8)]
    [InlineData(ElementType.Float16)]
    [InlineData(ElementType.Float32)]
    [InlineData(ElementType.Int64)]
    public void Orders_axes_in_every_way_for_every_element_size(ElementType type)
    {
        for (int seed = 0; seed < 150; seed++)
        {
            var random = new Random(seed);
            int[] shape = [.. Enumerable.Range(0, random.Next(6)).Select(_ => random.Next(random.Next(2), 8))];
            int[] permutation = [.. Enumerable.Range(0, shape.Length)];
            random.Shuffle(permutation);
            TensorData input = TypedRun.Counting(type, shape);
            TensorData expected = TypedRun.Gathered(input, [.. permutation.Select(axis => shape[axis])], place =>
                [.. Enumerable.Range(0, shape.Length).Select(axis => place[Array.IndexOf(permutation, axis)])]);
            TensorData actual = TypedRun.Of(new Transpose([.. permutation]), input)[0];
            TypedRun.AssertSame(expected, actual, $"seed {seed}, [{string.Join(", ", shape)}] by [{string.Join(", ", permutation)}]");
        }
    }

    [Fact]
    public void Costs_no_step_where_the_order_in_memory_stays()
    {
        var builder = new GraphBuilder();
        Value input = builder.Input("input", new TensorSpec([Dimension.Batch, 1, 7, 9]));
        Node node = builder.Add("transpose", new Transpose([0, 2, 3, 1]), [input]);
        Assert.Empty(GraphHarness.InferenceSteps(builder.Build(node.Output), batch: 2));
    }

    private static void Check(int[] shape, int[] permutation) =>
        new OperatorHarness(new Transpose([.. permutation]), TestNumbers.Operand(new Random(1), shape)).Check(operands =>
        {
            int[] output = [.. permutation.Select(axis => shape[axis])];
            double[] result = new double[operands[0].Length];
            for (int index = 0; index < result.Length; index++)
            {
                int rest = index;
                int source = 0;
                for (int axis = output.Length - 1; axis >= 0; axis--)
                {
                    (rest, int place) = Math.DivRem(rest, output[axis]);
                    source += place * TestNumbers.Length(shape[(permutation[axis] + 1)..]);
                }

                result[index] = operands[0][source];
            }

            return result;
        });
}
