using Sepal.Kernels;
using Sepal.Tests.References;
using Xunit;

namespace Sepal.Tests.Kernels.Depthwise;

/// <summary>
/// Depthwise convolutions by strips of rows, each on memory that holds nothing but the rows that the strip needs, against the
/// textbook's sums and against themselves in other strips.
/// </summary>
public sealed unsafe class DepthwiseRowsTests
{
    private const int Seed = 20240303;

    public static TheoryData<string> Names => [.. DepthwiseShapes.All.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void Matches_the_reference(string name) => Check(DepthwiseShapes.All[name], Seed);

    [Fact]
    public void Matches_the_reference_on_random_shapes()
    {
        int first = Random.Shared.Next(int.MaxValue - 1000);
        for (int i = 0; i < 400; i++)
        {
            Check(DepthwiseShapes.Random(first + i), first + i);
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Strips_give_the_same_bits_as_the_whole(string name)
    {
        DepthwiseRowsCase convolution = new(DepthwiseShapes.All[name], Seed);
        ConvolutionGeometry g = convolution.Geometry;
        float[] whole = convolution.Run(g.OutputHeight);
        for (int rows = 1; rows < Math.Min(g.OutputHeight, 5); rows++)
        {
            Comparer.AssertSameBits(
                whole, convolution.Run(rows), [g.OutputHeight, g.OutputWidth, g.OutputChannels], $"{name}, {rows} rows");
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Rows_without_gaps_give_the_same_bits(string name)
    {
        ConvolutionGeometry g = DepthwiseShapes.All[name];
        float[] expected = new DepthwiseRowsCase(g, Seed).Run(g.OutputHeight);
        for (int rows = 1; rows <= g.OutputHeight; rows++)
        {
            Comparer.AssertSameBits(
                expected, new DepthwiseRowsCase(g, Seed) { Margin = 0 }.Run(rows),
                [g.OutputHeight, g.OutputWidth, g.OutputChannels], $"{name}, {rows} rows");
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Clamps(string name)
    {
        DepthwiseRowsCase convolution = new(DepthwiseShapes.All[name], Seed);
        ConvolutionGeometry g = convolution.Geometry;
        float[] expected = [.. convolution.Run(3).Select(value => Math.Clamp(value, -0.25f, 0.5f))];
        Comparer.AssertSameBits(
            expected, convolution.Run(3, -0.25f, 0.5f), [g.OutputHeight, g.OutputWidth, g.OutputChannels], name);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Lets_what_is_not_a_number_through_the_clamp(string name)
    {
        DepthwiseRowsCase convolution = new(DepthwiseShapes.All[name], Seed);
        ConvolutionGeometry g = convolution.Geometry;
        convolution.Input[convolution.Input.Length / 2] = float.NaN;
        double[] expected = ReferenceConvolution.Forward(g, convolution.Input, convolution.Kernel, convolution.Bias);
        float[] actual = convolution.Run(2, -0.25f, 0.5f);
        for (int i = 0; i < expected.Length; i++)
        {
            Assert.Equal(double.IsNaN(expected[i]), float.IsNaN(actual[i]));
        }
    }

    private static void Check(in ConvolutionGeometry g, int seed)
    {
        DepthwiseRowsCase convolution = new(g, seed);
        int[] shape = [g.OutputHeight, g.OutputWidth, g.OutputChannels];
        int rows = 1 + (seed % 4);
        string what = $"seed {seed}, {rows} rows at a time, {g}";
        Comparer.AssertClose(
            ReferenceConvolution.Forward(g, convolution.Input, convolution.Kernel, convolution.Bias),
            convolution.Run(rows), g.KernelArea * g.GroupInputChannels, shape, what);
        Comparer.AssertClose(
            ReferenceConvolution.Forward(g, convolution.Input, convolution.Kernel, null),
            convolution.Run(g.OutputHeight, withBias: false), g.KernelArea * g.GroupInputChannels, shape, $"without bias, {what}");
    }
}
