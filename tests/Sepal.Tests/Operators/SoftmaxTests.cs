using Sepal.Operators;
using Sepal.Tests.References;
using Xunit;

namespace Sepal.Tests.Operators;

public sealed class SoftmaxTests
{
    [Fact]
    public void Matches_the_reference_for_every_row_length()
    {
        foreach (int channels in TestNumbers.Channels.Append(10).Append(1000))
        {
            Check([1, channels], channels);
            Check([3, channels], channels);
            Check([3, 2, 5, channels], channels);
        }
    }

    [Fact]
    public void Matches_the_reference_over_several_parts() => Check([4000, 10], 1);

    [Fact]
    public void Matches_the_reference_for_random_shapes()
    {
        for (int seed = 0; seed < 10; seed++)
        {
            var random = new Random(seed);
            Check([random.Next(1, 6), random.Next(1, 5), random.Next(1, 70)], seed);
        }
    }

    [Theory]
    [InlineData(200f)]
    [InlineData(-200f)]
    public void Does_not_overflow_far_from_zero(float offset)
    {
        float[] numbers = [.. TestNumbers.Uniform(new Random(3), 7).Select(value => value + offset)];
        float[] actual = new OperatorHarness(new Softmax(), new Operand([1, 7], numbers)).Infer(new RunOptions());
        Comparer.AssertClose(
            ReferenceSoftmax.Forward(Array.ConvertAll(numbers, value => (double)value), 7), actual, 7, [7], $"softmax around {offset}");
    }

    [Fact]
    public void Gives_nothing_to_minus_infinity_and_NaN_to_a_row_with_a_NaN()
    {
        float[] numbers = [0, float.NegativeInfinity, 0, 1, float.NaN, 1];
        float[] actual = new OperatorHarness(new Softmax(), new Operand([2, 3], numbers)).Infer(new RunOptions());
        Assert.Equal([0.5f, 0, 0.5f, float.NaN, float.NaN, float.NaN], actual);
    }

    private static void Check(int[] shape, int seed)
    {
        float[] numbers = TestNumbers.Uniform(new Random(seed), TestNumbers.Length(shape), -5, 5);
        new OperatorHarness(new Softmax(), new Operand(shape, numbers)) { Terms = shape[^1] }
            .Check(operands => ReferenceSoftmax.Forward(operands[0], shape[^1]));
    }
}
