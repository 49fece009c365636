using Sepal.Graphs;
using Sepal.Operators;
using Sepal.Tests.References;
using Sepal.Training.Initializers;
using Xunit;

namespace Sepal.Tests.Operators;

public sealed class BinaryTests
{
    public static TheoryData<BinaryFunction> Functions { get; } = [.. Enum.GetValues<BinaryFunction>()];

    [Theory]
    [MemberData(nameof(Functions))]
    public void Matches_the_reference_for_every_channel_count(BinaryFunction function)
    {
        foreach (int channels in TestNumbers.Channels)
        {
            Check(function, [3, 4, 5, channels], [3, 4, 5, channels], channels);
            Check(function, [3, 4, 5, channels], [3, 1, 1, channels], channels);
            Check(function, [3, 4, 5, channels], [3, 4, 5, 1], channels);
            Check(function, [1, 4, 5, channels], [1, 1, 1, channels], channels);
        }
    }

    [Theory]
    [MemberData(nameof(Functions))]
    public void Repeats_either_operand_along_any_axes(BinaryFunction function)
    {
        int[][] shapes = [[3, 4, 5, 6], [1, 4, 5, 6], [3, 1, 5, 6], [3, 4, 1, 6], [3, 4, 5, 1], [1, 1, 5, 6], [3, 1, 5, 1], [1, 1, 1, 1], [5, 6], [6], [4, 1, 1]];
        foreach (int[] left in shapes)
        {
            foreach (int[] right in shapes)
            {
                Check(function, left, right, 1);
            }
        }
    }

    [Theory]
    [MemberData(nameof(Functions))]
    public void Adds_gradients_up_over_several_shards(BinaryFunction function)
    {
        Check(function, [2, 60, 50, 17], [17], 1);
        Check(function, [2, 60, 50, 17], [1, 1, 1, 1], 1);
        Check(function, [3, 50, 40, 8], [3, 1, 1, 8], 1);
        Check(function, [1, 50, 400, 3], [1, 50, 400, 1], 1);
    }

    [Theory]
    [MemberData(nameof(Functions))]
    public void Matches_the_reference_for_random_shapes(BinaryFunction function)
    {
        for (int seed = 0; seed < 30; seed++)
        {
            var random = new Random(seed);
            int[] whole = [.. Enumerable.Range(0, random.Next(1, 6)).Select(_ => random.Next(1, 7))];
            int[] right = [.. whole.Select(dimension => random.Next(2) == 0 ? 1 : dimension)];
            int[] left = [.. whole.Select((dimension, axis) => axis > 0 && right[axis] > 1 && random.Next(2) == 0 ? 1 : dimension)];
            Check(function, left, right, seed);
        }
    }

    [Theory]
    [InlineData(BinaryFunction.Add)]
    [InlineData(BinaryFunction.Multiply)]
    public void Takes_the_same_operand_twice(BinaryFunction function)
    {
        float[] numbers = TestNumbers.Uniform(new Random(1), 35);
        GraphBuilder builder = new();
        Value value = builder.Parameter("value", [5, 7], Constant.Zeros);
        Graph graph = builder.Build(builder.Add("twice", new Binary(function), [value, value]).Output);
        float[] ones = [.. Enumerable.Repeat(1f, 35)];
        TrainingRun run = GraphHarness.Train(graph, new Dictionary<string, float[]> { ["value"] = numbers }, [ones], 1, new RunOptions());
        Assert.Equal(
            numbers.Select(number => function == BinaryFunction.Add ? 2 : number + number), run.Gradients["value"]);
    }

    [Fact]
    public void Lets_a_NaN_through_minimum_and_maximum()
    {
        foreach (BinaryFunction function in (BinaryFunction[])[BinaryFunction.Minimum, BinaryFunction.Maximum])
        {
            var harness = new OperatorHarness(
                new Binary(function), new Operand([1, 2], [float.NaN, 1]), new Operand([1, 2], [1, float.NaN]));
            Assert.All(harness.Infer(new RunOptions()), value => Assert.True(float.IsNaN(value)));
        }
    }

    [Fact]
    public void Raises_negative_numbers_to_whole_powers() => Assert.Equal(
        [9f, -27, 1, float.NaN],
        new OperatorHarness(new Binary(BinaryFunction.Power), new Operand([1, 4], [-3, -3, -3, -3]), new Operand([1, 4], [2, 3, 0, 0.5f]))
            .Infer(new RunOptions()));

    [Fact]
    public void Computes_with_integers_and_wraps()
    {
        TensorData left = ElementHarness.Tensor<sbyte>([5], 7, -7, 100, -128, 5);
        TensorData right = ElementHarness.Tensor<sbyte>([5], 2, 2, 100, -1, 0);
        ElementHarness.AssertGives<sbyte>([9, -5, -56, 127, 5], new Binary(BinaryFunction.Add), left, right);
        ElementHarness.AssertGives<sbyte>([5, -9, 0, -127, 5], new Binary(BinaryFunction.Subtract), left, right);
        ElementHarness.AssertGives<sbyte>([14, -14, 16, -128, 0], new Binary(BinaryFunction.Multiply), left, right);
        ElementHarness.AssertGives<sbyte>([3, -3, 1, -128, 0], new Binary(BinaryFunction.Divide), left, right);
        ElementHarness.AssertGives<sbyte>([2, -7, 100, -128, 0], new Binary(BinaryFunction.Minimum), left, right);
        ElementHarness.AssertGives<sbyte>([7, 2, 100, -1, 5], new Binary(BinaryFunction.Maximum), left, right);
        ElementHarness.AssertGives<sbyte>([7, -14, 100, 0, 5], new Binary(BinaryFunction.PRelu), left, ElementHarness.Tensor<sbyte>([1], 2));
    }

    [Fact]
    public void Divides_bytes_and_long_integers()
    {
        ElementHarness.AssertGives<byte>(
            [0, 127, 0], new Binary(BinaryFunction.Divide), ElementHarness.Tensor<byte>([3], 5, 254, 9), ElementHarness.Tensor<byte>([3], 255, 2, 0));
        ElementHarness.AssertGives<long>(
            [long.MinValue, 0, -3],
            new Binary(BinaryFunction.Divide),
            ElementHarness.Tensor<long>([3], long.MinValue, 1, 10),
            ElementHarness.Tensor<long>([3], -1, 0, -3));
    }

    [Fact]
    public void Raises_integers_to_powers()
    {
        ElementHarness.AssertGives<long>(
            [1, 8, 1_000_000_007L * 1_000_000_007L, 0, 1, -1, 0],
            new Binary(BinaryFunction.Power),
            ElementHarness.Tensor<long>([7], 9, 2, 1_000_000_007, 5, -1, -1, 0),
            ElementHarness.Tensor<long>([7], 0, 3, 2, -1, -2, -3, -1));
    }

    [Fact]
    public void Repeats_integers_as_it_does_floats()
    {
        int[][] shapes = [[3, 4, 5], [1, 4, 5], [3, 1, 5], [3, 4, 1], [1, 1, 1], [5], [4, 1]];
        foreach (int[] left in shapes)
        {
            foreach (int[] right in shapes)
            {
                TensorData a = ElementHarness.Random<int>(new Random(1), left);
                TensorData b = ElementHarness.Random<int>(new Random(2), right);
                double[] expected = ReferenceBinary.Forward(
                    BinaryFunction.Multiply, Doubles(a), left, Doubles(b), right);
                ElementHarness.AssertGives(Array.ConvertAll(expected, value => (int)value), new Binary(BinaryFunction.Multiply), a, b);
            }
        }
    }

    private static double[] Doubles(TensorData data) => Array.ConvertAll(data.Elements<int>().ToArray(), value => (double)value);

    /// <summary>Numbers where the function is smooth: away from poles, ties and kinks.</summary>
    private static (float[] Left, float[] Right) Numbers(BinaryFunction function, Random random, int left, int right) => function switch
    {
        BinaryFunction.Divide => (TestNumbers.Uniform(random, left), TestNumbers.Uniform(random, right, 0.5f, 2)),
        BinaryFunction.Power => (TestNumbers.Uniform(random, left, 0.5f, 2), TestNumbers.Uniform(random, right, -2, 2)),
        BinaryFunction.Minimum or BinaryFunction.Maximum or BinaryFunction.PRelu => (
            Array.ConvertAll(TestNumbers.Uniform(random, left), number => (MathF.Round(number * 64) + 0.5f) / 64),
            Array.ConvertAll(TestNumbers.Uniform(random, right), number => MathF.Round(number * 64) / 64)),
        _ => (TestNumbers.Uniform(random, left), TestNumbers.Uniform(random, right)),
    };

    private static void Check(BinaryFunction function, int[] left, int[] right, int seed)
    {
        (float[] leftNumbers, float[] rightNumbers) = Numbers(
            function, new Random(seed), TestNumbers.Length(left), TestNumbers.Length(right));
        var harness = new OperatorHarness(new Binary(function), new Operand(left, leftNumbers), new Operand(right, rightNumbers))
        {
            Terms = TestNumbers.Length(ReferenceBinary.Shape(left, right)) / Math.Min(TestNumbers.Length(left), TestNumbers.Length(right)),
        };
        harness.Check(operands => ReferenceBinary.Forward(function, operands[0], left, operands[1], right));
    }
}
