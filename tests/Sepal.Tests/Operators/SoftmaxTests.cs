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

    [Fact]
    public void Works_along_any_axis()
    {
        foreach (bool logarithmic in (bool[])[false, true])
        {
            foreach (int axis in (int[])[0, 1, 2, -2, -4])
            {
                foreach (int channels in (int[])[1, 3, 17, 64])
                {
                    CheckAxis([2, 5, 3, channels], axis, logarithmic);
                }
            }

            CheckAxis([3, 20, 60, 70], 1, logarithmic);
            CheckAxis([30, 10, 1], 1, logarithmic);
        }
    }

    [Fact]
    public void Gives_the_logarithm_for_every_row_length()
    {
        foreach (int channels in TestNumbers.Channels.Append(1000))
        {
            float[] numbers = TestNumbers.Uniform(new Random(channels), 6 * channels, -5, 5);
            new OperatorHarness(new Softmax { Logarithmic = true }, new Operand([3, 2, channels], numbers)) { Terms = channels }
                .Check(operands => Array.ConvertAll(ReferenceSoftmax.Forward(operands[0], channels), Math.Log));
        }
    }

    [Fact]
    public void The_logarithm_does_not_overflow_far_from_zero()
    {
        float[] actual = new OperatorHarness(new Softmax { Logarithmic = true }, new Operand([2, 2], [200, 0, -500, -200])).Infer(new RunOptions());
        Comparer.AssertClose([0, -200, -300, 0], actual, 2, [2, 2], "logarithm of softmax far from zero");
    }

    [Fact]
    public void Says_that_other_axes_have_no_gradient()
    {
        var harness = new OperatorHarness(new Softmax { Axis = 1 }, TestNumbers.Operand(new Random(1), [2, 3, 4]));
        string message = Assert.Throws<SepalException>(() => harness.Train(new float[24], new RunOptions())).Message;
        Assert.Contains("has a gradient over the last axis only", message, StringComparison.Ordinal);
    }

    private static void CheckAxis(int[] shape, int axis, bool logarithmic)
    {
        int position = axis < 0 ? axis + shape.Length : axis;
        int length = shape[position];
        int inner = TestNumbers.Length(shape[(position + 1)..]);
        float[] numbers = TestNumbers.Uniform(new Random(inner), TestNumbers.Length(shape), -5, 5);
        var harness = new OperatorHarness(new Softmax { Axis = axis, Logarithmic = logarithmic }, new Operand(shape, numbers)) { Terms = length };
        harness.CheckInference(operands =>
        {
            var result = new double[operands[0].Length];
            for (int line = 0; line < result.Length / length; line++)
            {
                int start = ((line / inner) * length * inner) + (line % inner);
                double[] row = [.. Enumerable.Range(0, length).Select(index => operands[0][start + (index * inner)])];
                double[] softmax = ReferenceSoftmax.Forward(row, length);
                for (int index = 0; index < length; index++)
                {
                    result[start + (index * inner)] = logarithmic ? Math.Log(softmax[index]) : softmax[index];
                }
            }

            return result;
        });
        if (position > 0)
        {
            harness.CheckBatchSplits();
        }
    }

    private static void Check(int[] shape, int seed)
    {
        float[] numbers = TestNumbers.Uniform(new Random(seed), TestNumbers.Length(shape), -5, 5);
        new OperatorHarness(new Softmax(), new Operand(shape, numbers)) { Terms = shape[^1] }
            .Check(operands => ReferenceSoftmax.Forward(operands[0], shape[^1]));
    }
}
