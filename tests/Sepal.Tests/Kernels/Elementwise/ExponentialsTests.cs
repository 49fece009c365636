using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;
using Sepal.Kernels.Elementwise;
using Sepal.Kernels.Simd;
using Xunit;

namespace Sepal.Tests.Kernels.Elementwise;

/// <summary>The exponential that kernels inline, and the functions made of it.</summary>
public sealed unsafe class ExponentialsTests
{
    private const int Count = 1 << 20;

    [Fact]
    public void The_error_is_as_small_as_the_documentation_says()
    {
        const float Limit = 87.3f;
        float[] inputs = [.. Enumerable.Range(0, Count).Select(index => -Limit + (2 * Limit * (index + 0.5f) / Count))];
        float[] outputs = Apply(default(Exponential), inputs);
        bool isFused = Fma.IsSupported || AdvSimd.IsSupported;
        double worst = 0;
        float where = 0;
        for (int index = 0; index < Count; index++)
        {
            double expected = Math.Exp(-(double)inputs[index]);
            double size = Math.Abs(inputs[index]);
            double bound = (isFused ? 2 + (size / 6) : 3 + size) / (1 << 23);
            double error = Math.Abs(outputs[index] - expected) / expected / bound;
            (worst, where) = error > worst ? (error, inputs[index]) : (worst, where);
        }

        Assert.True(worst < 1, $"{worst} times the bound at {where}");
    }

    [Fact]
    public void Large_numbers_and_NaN_are_as_IEEE_has_them()
    {
        float[] inputs = [float.PositiveInfinity, 1e30f, 200, 90, 0, -90, -200, -1e30f, float.NegativeInfinity, float.NaN];
        float[] exponentials = Apply(default(Exponential), inputs);
        Assert.All(exponentials[..4], number => Assert.InRange(number, 0, 2e-38f));
        Assert.Equal(1, exponentials[4]);
        Assert.All(exponentials[5..9], number => Assert.Equal(float.PositiveInfinity, number));
        Assert.Equal(float.NaN, exponentials[9]);

        Assert.Equal([1, 1, 1, 1, 0.5f, 0, 0, 0, 0, float.NaN], Apply(default(Sigmoid), inputs));
        float[] swish = Apply(default(Swish), inputs);
        Assert.Equal([float.PositiveInfinity, 1e30f, 200, 90, 0, 0, 0, 0], swish[..8]);
        Assert.Equal(float.NaN, swish[9]);
    }

    [Fact]
    public void Sigmoid_and_swish_are_near_their_definitions()
    {
        float[] inputs = [.. Enumerable.Range(0, Count / 4).Select(index => -60 + (120f * index / (Count / 4)))];
        double[] expected = [.. inputs.Select(input => 1 / (1 + Math.Exp(-(double)input)))];
        Comparer.AssertClose(expected, Apply(default(Sigmoid), inputs), 0, [inputs.Length], "sigmoid");
        expected = [.. inputs.Select(input => input / (1 + Math.Exp(-(double)input)))];
        Comparer.AssertClose(expected, Apply(default(Swish), inputs), 0, [inputs.Length], "swish");
    }

    private static float[] Apply<TFunction>(TFunction function, float[] inputs)
        where TFunction : struct, IUnaryFunction
    {
        using GuardedBuffer input = new(inputs);
        using GuardedBuffer output = new(inputs.Length);
        UnaryKernel.Of(function).Forward(input.Pointer, output.Pointer, inputs.Length);
        return output.Span.ToArray();
    }

    private readonly struct Exponential : IUnaryFunction
    {
        public bool GradientReadsOutput => false;

        public TVector Apply<TSimd, TVector>(TVector input)
            where TSimd : ISimd<TVector>
            where TVector : struct => Exponentials.OfNegative<TSimd, TVector>(input);

        public TVector Gradient<TSimd, TVector>(TVector kept, TVector outputGradient)
            where TSimd : ISimd<TVector>
            where TVector : struct => throw new NotSupportedException();
    }
}
