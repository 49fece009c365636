using Sepal.Graphs;
using Sepal.Operators;
using Sepal.Tests.References;
using Xunit;

namespace Sepal.Tests.Operators;

public sealed class ReductionTests
{
    private static readonly int[][] Axes =
    [
        [], [0], [1], [2], [-1], [0, 1], [0, 2], [0, 3], [1, 2], [1, 3], [2, 3], [-3, -2], [0, 1, 2], [1, 2, 3], [0, 2, 3], [0, 1, 2, 3],
    ];

    public static TheoryData<ReductionFunction> Functions { get; } = [.. Enum.GetValues<ReductionFunction>()];

    [Theory]
    [MemberData(nameof(Functions))]
    public void Matches_the_reference_over_any_axes(ReductionFunction function)
    {
        foreach (int[] axes in Axes)
        {
            Check(function, [2, 3, 5, 17], axes, keep: false);
            Check(function, [2, 1, 5, 3], axes, keep: true);
        }
    }

    [Theory]
    [MemberData(nameof(Functions))]
    public void Matches_the_reference_for_every_channel_count(ReductionFunction function)
    {
        foreach (int channels in TestNumbers.Channels)
        {
            Check(function, [3, 2, 5, channels], [-1], keep: false);
            Check(function, [3, 2, 5, channels], [1, 2], keep: true);
            Check(function, [3, channels], [0], keep: false);
        }
    }

    [Theory]
    [InlineData(ReductionFunction.Mean)]
    [InlineData(ReductionFunction.Maximum)]
    [InlineData(ReductionFunction.LogSumExp)]
    public void Matches_the_reference_over_several_parts(ReductionFunction function)
    {
        Check(function, [2, 60, 50, 40], [1, 2], keep: false);
        Check(function, [1, 100, 90, 5], [3], keep: false);
        Check(function, [30, 50, 40], [1], keep: true);
        Check(function, [40, 50, 60], [0, 2], keep: false);
    }

    [Fact]
    public void Matches_the_reference_for_random_shapes()
    {
        for (int seed = 0; seed < 40; seed++)
        {
            var random = new Random(seed);
            int[] shape = [.. Enumerable.Range(0, random.Next(1, 6)).Select(_ => random.Next(1, 7))];
            int[] axes = [.. Enumerable.Range(0, shape.Length).Where(_ => random.Next(2) == 0)];
            Check(Enum.GetValues<ReductionFunction>()[seed % Functions.Count], shape, axes, random.Next(2) == 0);
        }
    }

    [Theory]
    [InlineData(ReductionFunction.Mean)]
    [InlineData(ReductionFunction.Sum)]
    public void Has_gradients_by_finite_differences(ReductionFunction function)
    {
        foreach (int[] axes in Axes)
        {
            int[] shape = [3, 2, 5, 7];
            var random = new Random(1);
            foreach (bool keep in (bool[])[true, false])
            {
                new OperatorHarness(new Reduction(function, [.. axes]) { KeepDimensions = keep }, TestNumbers.Operand(random, shape)) { Terms = 210 }
                    .CheckTraining(operands => ReferenceReduction.Forward(function, operands[0], shape, axes));
            }
        }
    }

    [Fact]
    public void Log_of_sum_of_powers_does_not_overflow_and_keeps_infinities()
    {
        float[] numbers = [200, 201, -300, -301, float.NegativeInfinity, float.NegativeInfinity, float.PositiveInfinity, 1];
        float[] actual = Infer(ReductionFunction.LogSumExp, [4, 2], numbers, [1]);
        double small = Math.Log(1 + Math.Exp(-1));
        Comparer.AssertClose([201 + small, -300 + small], actual.AsSpan(0, 2), 1, [2], "far from zero");
        Assert.Equal([float.NegativeInfinity, float.PositiveInfinity], actual[2..]);
    }

    [Fact]
    public void Extremes_let_a_NaN_through()
    {
        foreach (int length in (int[])[2, 40])
        {
            float[] numbers = TestNumbers.Uniform(new Random(1), 2 * length);
            numbers[length - 1] = float.NaN;
            float[] actual = Infer(ReductionFunction.Maximum, [2, length], numbers, [1]);
            Assert.True(float.IsNaN(actual[0]));
            Assert.False(float.IsNaN(actual[1]));
        }
    }

    [Fact]
    public void Reduces_integers()
    {
        TensorData numbers = ElementHarness.Tensor<int>([2, 3], 1, -2, 4, int.MaxValue, 1, 1);
        Gives<int>([1, 715827883], ReductionFunction.Mean, numbers, 1);
        Gives<int>([3, int.MinValue + 1], ReductionFunction.Sum, numbers, 1);
        Gives<int>([int.MaxValue, 1, 4], ReductionFunction.Maximum, numbers, 0);
        Gives<int>([1, -2, 1], ReductionFunction.Minimum, numbers, 0);
        Gives<int>([-8], ReductionFunction.Product, ElementHarness.Tensor<int>([1, 3], 1, -2, 4), 1);
        Gives<long>([long.MaxValue, -5], ReductionFunction.Maximum, ElementHarness.Tensor<long>([2, 2], 0, long.MaxValue, -5, -6), 1);
        Gives<sbyte>([7, 21], ReductionFunction.L1, ElementHarness.Tensor<sbyte>([2, 3], 1, -2, 4, -7, -7, -7), 1);
        Gives<sbyte>([21], ReductionFunction.SumOfSquares, ElementHarness.Tensor<sbyte>([1, 3], 1, -2, 4), 1);
        Gives<byte>([1, 0], ReductionFunction.Maximum, ElementHarness.Booleans([2, 2], true, false, false, false), 1);
        Gives<byte>([0, 1], ReductionFunction.Minimum, ElementHarness.Booleans([2, 2], true, false, true, true), 1);
    }

    [Fact]
    public void Reduces_a_scalar()
    {
        ElementHarness.AssertGives([3f], new Reduction(ReductionFunction.L2, []), ElementHarness.Tensor([], -3f));
        ElementHarness.AssertGives<int>([9], new Reduction(ReductionFunction.SumOfSquares, []), ElementHarness.Tensor<int>([], -3));
    }

    [Fact]
    public void Means_of_many_bytes_do_not_wrap() => Gives<byte>(
        [200], ReductionFunction.Mean, ElementHarness.Tensor<byte>([1, 512], [.. Enumerable.Repeat((byte)200, 512)]), 1);

    [Fact]
    public void Reduces_integers_over_any_axes()
    {
        int[] shape = [2, 3, 5, 4];
        TensorData numbers = ElementHarness.Random<int>(new Random(1), shape);
        double[] doubles = Array.ConvertAll(numbers.Elements<int>().ToArray(), value => (double)value);
        foreach (int[] axes in Axes)
        {
            double[] expected = ReferenceReduction.Forward(ReductionFunction.Sum, doubles, shape, axes);
            ElementHarness.AssertGives(
                Array.ConvertAll(expected, value => (int)value), new Reduction(ReductionFunction.Sum, [.. axes]), numbers);
        }
    }

    [Fact]
    public void Refuses_what_it_cannot_reduce()
    {
        var builder = new GraphBuilder();
        Value integers = builder.Input("integers", new TensorSpec([3, 4], ElementType.Int32));
        Refuses("it does not apply to Int32", new Reduction(ReductionFunction.L2, []));
        Refuses("the axis is 2", new Reduction(ReductionFunction.Sum, [2]));
        Refuses("the axis is -3", new Reduction(ReductionFunction.Sum, [-3]));
        Refuses("name one twice", new Reduction(ReductionFunction.Sum, [1, -1]));

        void Refuses(string part, Reduction reduction) => Assert.Contains(
            part, Assert.Throws<GraphException>(() => builder.Add(part, reduction, [integers])).Message, StringComparison.Ordinal);
    }

    private static void Gives<T>(T[] expected, ReductionFunction function, TensorData numbers, int axis)
        where T : unmanaged => ElementHarness.AssertGives(expected, new Reduction(function, [axis]), numbers);

    private static float[] Infer(ReductionFunction function, int[] shape, float[] numbers, int[] axes) =>
        new OperatorHarness(new Reduction(function, [.. axes]), new Operand(shape, numbers)).Infer(new RunOptions());

    private static void Check(ReductionFunction function, int[] shape, int[] axes, bool keep)
    {
        int count = TestNumbers.Length(shape);
        float[] numbers = function switch
        {
            ReductionFunction.LogSum => TestNumbers.Uniform(new Random(count), count, 0.1f, 2),
            ReductionFunction.Product => TestNumbers.Uniform(new Random(count), count, 0.9f, 1.1f),
            _ => TestNumbers.Uniform(new Random(count), count, -3, 3),
        };
        var harness = new OperatorHarness(new Reduction(function, [.. axes]) { KeepDimensions = keep }, new Operand(shape, numbers))
        {
            Terms = count,
        };
        harness.CheckInference(operands => ReferenceReduction.Forward(function, operands[0], shape, axes));
        if (shape[0] > 1 && axes.Length > 0 && !axes.Contains(0) && !axes.Contains(-shape.Length))
        {
            harness.CheckBatchSplits();
        }
    }
}
