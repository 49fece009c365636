using Sepal.Randomness;
using Sepal.Training.Initializers;
using Xunit;

namespace Sepal.Tests.Training;

public sealed class InitializerTests
{
    private static readonly Fans Fans = new(200, 100);

    public static TheoryData<VarianceScaling, double> Rules { get; } = new()
    {
        { VarianceScaling.GlorotUniform, 1 / 150.0 },
        { VarianceScaling.GlorotNormal, 1 / 150.0 },
        { VarianceScaling.HeUniform, 2 / 200.0 },
        { VarianceScaling.HeNormal, 2 / 200.0 },
        { VarianceScaling.LecunUniform, 1 / 200.0 },
        { new VarianceScaling { Mode = FanMode.Out, Scale = 3 }, 3 / 100.0 },
    };

    [Theory]
    [MemberData(nameof(Rules))]
    public void Numbers_have_the_rule_s_variance_and_stay_within_its_limits(VarianceScaling rule, double variance)
    {
        float[] numbers = Fill(rule, 50_000);
        Assert.Equal(0, numbers.Average(), 0.02 * Math.Sqrt(variance));
        Assert.Equal(1, numbers.Average(number => (double)number * number) / variance, 0.02);

        // A uniform number of variance v lies within √(3v); a normal one cut at two deviations, within 2 / 0.8796 of its own.
        double limit = rule.Uniform ? Math.Sqrt(3 * variance) : 2 / 0.8796256610342398 * Math.Sqrt(variance);
        double largest = numbers.Max(number => Math.Abs((double)number));
        Assert.InRange(largest, 0.99 * limit, limit * (1 + 1e-6));
    }

    [Fact]
    public void Constants_are_constant()
    {
        Assert.All(Fill(Constant.Zeros, 10), number => Assert.Equal(0, number));
        Assert.All(Fill(Constant.Ones, 10), number => Assert.Equal(1, number));
        Assert.All(Fill(new Constant(0.25f), 10), number => Assert.Equal(0.25f, number));
    }

    [Fact]
    public void The_same_stream_gives_the_same_numbers() =>
        Assert.Equal(Fill(VarianceScaling.HeNormal, 100), Fill(VarianceScaling.HeNormal, 100));

    private static float[] Fill(Initializer initializer, int length)
    {
        var numbers = new float[length];
        initializer.Fill(numbers, Fans, new RandomStream(1, 2));
        return numbers;
    }
}
