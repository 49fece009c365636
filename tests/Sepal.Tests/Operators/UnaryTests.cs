using Sepal.Graphs;
using Sepal.Operators;
using Sepal.Tests.References;
using Xunit;

namespace Sepal.Tests.Operators;

public sealed class UnaryTests
{
    public static TheoryData<UnaryFunction> Functions { get; } =
        [.. Enum.GetValues<UnaryFunction>().Where(function => function != UnaryFunction.Not)];

    public static TheoryData<Unary> WithAttributes { get; } =
    [
        new Unary(UnaryFunction.HardSigmoid) { Alpha = 0.2f, Beta = 0.4f },
        new Unary(UnaryFunction.LeakyRelu) { Alpha = -0.5f },
        new Unary(UnaryFunction.Elu) { Alpha = 2 },
        new Unary(UnaryFunction.Selu) { Alpha = 2, Gamma = 3 },
        new Unary(UnaryFunction.Clip) { Maximum = 1 },
        new Unary(UnaryFunction.Clip) { Minimum = -2 },
    ];

    [Theory]
    [MemberData(nameof(Functions))]
    public void Matches_the_reference_for_every_tail_of_a_vector(UnaryFunction function)
    {
        foreach (int channels in TestNumbers.Channels)
        {
            foreach (int batch in (int[])[1, 3])
            {
                Check(function, [batch, 3, 2, channels], new Random((batch * 1000) + channels));
            }
        }
    }

    [Theory]
    [MemberData(nameof(WithAttributes))]
    public void Takes_its_attributes(Unary unary)
    {
        float[] numbers = TestNumbers.AwayFrom(new Random(1), 3 * 35, -8, 8, -2, 0, 1, 3);
        Check(unary, [3, 35], numbers);
    }

    [Theory]
    [MemberData(nameof(Functions))]
    public void Matches_the_reference_over_several_parts(UnaryFunction function) =>
        Check(function, [2, 60, 70, 5], new Random(1));

    [Theory]
    [MemberData(nameof(Functions))]
    public void Matches_the_reference_for_random_shapes(UnaryFunction function)
    {
        for (int seed = 0; seed < 10; seed++)
        {
            var random = new Random(seed);
            Check(function, [random.Next(1, 5), random.Next(1, 20), random.Next(1, 50)], random);
        }
    }

    [Theory]
    [MemberData(nameof(Functions))]
    public void Is_within_a_millionth_of_the_reference_everywhere(UnaryFunction function)
    {
        float[] numbers = [.. Enumerable.Range(-40_000, 80_001).Select(index => index / 1000f).Where(number => number > 0 || !NeedsPositive(function))];
        float[] actual = Harness(function, numbers).Infer(new RunOptions());
        for (int index = 0; index < numbers.Length; index++)
        {
            double expected = ReferenceUnary.Apply(Example(function), numbers[index]);
            Assert.True(
                Math.Abs(actual[index] - expected) <= 1e-6 * Math.Max(1, Math.Abs(expected)),
                $"{function}({numbers[index]}) is {expected}, not {actual[index]}.");
        }
    }

    [Theory]
    [MemberData(nameof(Functions))]
    public void Lets_a_NaN_through(UnaryFunction function) =>
        Assert.All(Harness(function, [float.NaN, float.NaN]).Infer(new RunOptions()), value => Assert.True(float.IsNaN(value)));

    [Theory]
    [InlineData(UnaryFunction.Relu, 0, float.PositiveInfinity)]
    [InlineData(UnaryFunction.Relu6, 0, 6)]
    [InlineData(UnaryFunction.Sigmoid, 0, 1)]
    [InlineData(UnaryFunction.HardSigmoid, 0, 1)]
    [InlineData(UnaryFunction.HardSwish, float.NaN, float.PositiveInfinity)]
    [InlineData(UnaryFunction.Swish, float.NaN, float.PositiveInfinity)]
    [InlineData(UnaryFunction.Tanh, -1, 1)]
    [InlineData(UnaryFunction.Gelu, float.NaN, float.PositiveInfinity)]
    [InlineData(UnaryFunction.TanhGelu, float.NaN, float.PositiveInfinity)]
    [InlineData(UnaryFunction.LeakyRelu, float.NegativeInfinity, float.PositiveInfinity)]
    [InlineData(UnaryFunction.Elu, -1, float.PositiveInfinity)]
    [InlineData(UnaryFunction.Mish, float.NaN, float.PositiveInfinity)]
    [InlineData(UnaryFunction.Softplus, 0, float.PositiveInfinity)]
    [InlineData(UnaryFunction.Erf, -1, 1)]
    [InlineData(UnaryFunction.Exp, 0, float.PositiveInfinity)]
    [InlineData(UnaryFunction.Log, float.NaN, float.PositiveInfinity)]
    [InlineData(UnaryFunction.Sqrt, float.NaN, float.PositiveInfinity)]
    [InlineData(UnaryFunction.Reciprocal, 0, 0)]
    [InlineData(UnaryFunction.Abs, float.PositiveInfinity, float.PositiveInfinity)]
    [InlineData(UnaryFunction.Negate, float.PositiveInfinity, float.NegativeInfinity)]
    [InlineData(UnaryFunction.Sign, -1, 1)]
    [InlineData(UnaryFunction.Floor, float.NegativeInfinity, float.PositiveInfinity)]
    [InlineData(UnaryFunction.Round, float.NegativeInfinity, float.PositiveInfinity)]
    [InlineData(UnaryFunction.Clip, -1.5f, 2.25f)]
    public void Treats_infinities_as_its_formula_does(UnaryFunction function, float atMinusInfinity, float atInfinity)
    {
        float[] actual = Harness(function, [float.NegativeInfinity, float.PositiveInfinity]).Infer(new RunOptions());
        Assert.Equal([atMinusInfinity, atInfinity], actual);
    }

    [Fact]
    public void Odd_functions_keep_their_relative_precision_near_zero()
    {
        float[] numbers = [1e-20f, 1e-6f, 1e-3f, -1e-3f, 0.1f, -0.1f];
        foreach (UnaryFunction function in (UnaryFunction[])[UnaryFunction.Tanh, UnaryFunction.Gelu, UnaryFunction.TanhGelu, UnaryFunction.Erf, UnaryFunction.Elu])
        {
            float[] actual = Harness(function, numbers).Infer(new RunOptions());
            for (int index = 0; index < numbers.Length; index++)
            {
                double expected = ReferenceUnary.Apply(Example(function), numbers[index]);
                Assert.True(Math.Abs((actual[index] / expected) - 1) < 1e-6, $"{function}({numbers[index]}) is {expected}, not {actual[index]}.");
            }
        }
    }

    [Fact]
    public void Softplus_keeps_its_relative_precision_far_below_zero()
    {
        float actual = Harness(UnaryFunction.Softplus, [-30]).Infer(new RunOptions())[0];
        Assert.Equal(1, actual / Math.Exp(-30), 1e-6);
    }

    [Fact]
    public void Rounds_halves_to_even() => Assert.Equal(
        [-2f, -2, 0, 0, 2, 2], Harness(UnaryFunction.Round, [-2.5f, -1.5f, -0.5f, 0.5f, 1.5f, 2.5f]).Infer(new RunOptions()));

    [Fact]
    public void Clips_to_the_upper_bound_where_bounds_cross() => Assert.Equal(
        [1f, 1, 1],
        new OperatorHarness(new Unary(UnaryFunction.Clip) { Minimum = 2, Maximum = 1 }, new Operand([1, 3], [0, 1.5f, 3])).Infer(new RunOptions()));

    [Fact]
    public void Applies_to_integers_of_every_size()
    {
        ElementHarness.AssertGives<long>(
            [0, 5, 0], new Unary(UnaryFunction.Relu), ElementHarness.Tensor<long>([3], -3, 5, 0));
        ElementHarness.AssertGives<int>(
            [3, 5, int.MinValue], new Unary(UnaryFunction.Abs), ElementHarness.Tensor([3], -3, 5, int.MinValue));
        ElementHarness.AssertGives<sbyte>(
            [3, -5, -128], new Unary(UnaryFunction.Negate), ElementHarness.Tensor<sbyte>([3], -3, 5, -128));
        ElementHarness.AssertGives<byte>([0, 1, 1], new Unary(UnaryFunction.Sign), ElementHarness.Tensor<byte>([3], 0, 1, 255));
        ElementHarness.AssertGives<sbyte>([-1, 0, 1], new Unary(UnaryFunction.Sign), ElementHarness.Tensor<sbyte>([3], -7, 0, 7));
        ElementHarness.AssertGives<byte>([0, 1], new Unary(UnaryFunction.Not), ElementHarness.Booleans([2], true, false));
    }

    [Fact]
    public void Applies_to_integers_over_several_parts()
    {
        TensorData numbers = ElementHarness.Random<int>(new Random(1), 3, 40_000);
        ElementHarness.AssertGives(
            Array.ConvertAll(numbers.Elements<int>().ToArray(), Math.Abs), new Unary(UnaryFunction.Abs), numbers);
    }

    private static OperatorHarness Harness(UnaryFunction function, float[] numbers) =>
        new(Example(function), new Operand([1, numbers.Length], numbers));

    private static bool NeedsPositive(UnaryFunction function) =>
        function is UnaryFunction.Log or UnaryFunction.Sqrt or UnaryFunction.Reciprocal;

    private static Unary Example(UnaryFunction function) => function == UnaryFunction.Clip
        ? new Unary(function) { Minimum = -1.5f, Maximum = 2.25f }
        : new Unary(function);

    private static void Check(UnaryFunction function, int[] shape, Random random)
    {
        float[] kinks = function switch
        {
            UnaryFunction.Floor or UnaryFunction.Ceiling => [.. Enumerable.Range(-8, 17).Select(whole => (float)whole)],
            UnaryFunction.Round => [.. Enumerable.Range(-8, 17).Select(whole => whole + 0.5f)],
            UnaryFunction.Clip => [-1.5f, 2.25f],
            _ => [-3, 0, 3, 6],
        };
        Check(Example(function), shape, TestNumbers.AwayFrom(random, TestNumbers.Length(shape), NeedsPositive(function) ? 0.3f : -8, 8, kinks));
    }

    private static void Check(Unary unary, int[] shape, float[] numbers) =>
        new OperatorHarness(unary, new Operand(shape, numbers))
            .Check(operands => Array.ConvertAll(operands[0], value => ReferenceUnary.Apply(unary, value)));
}
