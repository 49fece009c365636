using Sepal.Operators;
using Sepal.Tests.References;
using Xunit;

namespace Sepal.Tests.Operators;

public sealed class UnaryTests
{
    public static TheoryData<UnaryFunction> Functions { get; } = [.. Enum.GetValues<UnaryFunction>()];

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
        float[] numbers = [.. Enumerable.Range(-40_000, 80_001).Select(index => index / 1000f)];
        float[] actual = Harness(function, numbers).Infer(new RunOptions());
        for (int index = 0; index < numbers.Length; index++)
        {
            double expected = ReferenceUnary.Apply(function, numbers[index]);
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
    public void Treats_infinities_as_its_formula_does(UnaryFunction function, float atMinusInfinity, float atInfinity)
    {
        float[] actual = Harness(function, [float.NegativeInfinity, float.PositiveInfinity]).Infer(new RunOptions());
        Assert.Equal([atMinusInfinity, atInfinity], actual);
    }

    [Fact]
    public void Tanh_and_gelu_keep_their_relative_precision_near_zero()
    {
        float[] numbers = [1e-20f, 1e-6f, 1e-3f, -1e-3f, 0.1f, -0.1f];
        foreach (UnaryFunction function in (UnaryFunction[])[UnaryFunction.Tanh, UnaryFunction.Gelu])
        {
            float[] actual = Harness(function, numbers).Infer(new RunOptions());
            for (int index = 0; index < numbers.Length; index++)
            {
                double expected = ReferenceUnary.Apply(function, numbers[index]);
                Assert.True(Math.Abs((actual[index] / expected) - 1) < 1e-6, $"{function}({numbers[index]}) is {expected}, not {actual[index]}.");
            }
        }
    }

    private static OperatorHarness Harness(UnaryFunction function, float[] numbers) =>
        new(new Unary(function), new Operand([1, numbers.Length], numbers));

    private static void Check(UnaryFunction function, int[] shape, Random random)
    {
        float[] numbers = TestNumbers.AwayFrom(random, TestNumbers.Length(shape), -8, 8, -3, 0, 3, 6);
        new OperatorHarness(new Unary(function), new Operand(shape, numbers))
            .Check(operands => Array.ConvertAll(operands[0], value => ReferenceUnary.Apply(function, value)));
    }
}
