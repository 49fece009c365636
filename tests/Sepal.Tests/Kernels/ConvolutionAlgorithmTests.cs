using Sepal.Kernels;
using Sepal.Tests.References;
using Xunit;

namespace Sepal.Tests.Kernels;

/// <summary>Every convolution kernel against the textbook's sums, and against itself in other orders.</summary>
public sealed class ConvolutionAlgorithmTests
{
    private const int Seed = 20240229;

    public static TheoryData<string> Names => [.. ConvolutionShapes.All.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void Matches_the_reference(string name) => Check(ConvolutionShapes.All[name], Seed);

    [Fact]
    public void Matches_the_reference_on_random_shapes()
    {
        int first = Random.Shared.Next();
        for (int i = 0; i < 250; i++)
        {
            Check(ConvolutionShapes.Random(first + i), first + i);
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Parts_give_the_same_bits_in_any_order_on_any_threads(string name)
    {
        ConvolutionCase ordered = new(ConvolutionShapes.All[name], Seed);
        ConvolutionGeometry g = ordered.Geometry;
        Comparer.AssertSameBits(
            ordered.Forward(), ordered.Forward(shuffled: true),
            [g.Batch, g.OutputHeight, g.OutputWidth, g.OutputChannels], name);
        Comparer.AssertSameBits(
            ordered.InputGradient(), ordered.InputGradient(shuffled: true),
            [g.Batch, g.InputHeight, g.InputWidth, g.InputChannels], name);
        (float[] kernel, float[] bias) = ordered.WeightGradient();
        (float[] shuffledKernel, float[] shuffledBias) = ordered.WeightGradient(shuffled: true);
        Comparer.AssertSameBits(kernel, shuffledKernel, [kernel.Length], name);
        Comparer.AssertSameBits(bias, shuffledBias, [bias.Length], name);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void An_image_gets_the_same_bits_alone_and_in_a_batch(string name)
    {
        ConvolutionCase batch = new(ConvolutionShapes.All[name] with { Batch = 3 }, Seed);
        ConvolutionGeometry g = batch.Geometry;
        float[] output = batch.Forward();
        float[] inputGradient = batch.InputGradient();
        for (int image = 0; image < g.Batch; image++)
        {
            ConvolutionCase alone = batch.Image(image);
            Comparer.AssertSameBits(
                alone.Forward(), output.AsSpan(image * g.OutputImageLength, g.OutputImageLength),
                [g.OutputHeight, g.OutputWidth, g.OutputChannels], $"{name}, image {image}");
            Comparer.AssertSameBits(
                alone.InputGradient(), inputGradient.AsSpan(image * g.InputImageLength, g.InputImageLength),
                [g.InputHeight, g.InputWidth, g.InputChannels], $"{name}, image {image}");
        }
    }

    private static void Check(in ConvolutionGeometry g, int seed)
    {
        ConvolutionCase convolution = new(g, seed);
        string what = $"seed {seed}, {g}";
        long terms = g.KernelArea * g.GroupInputChannels;
        int[] outputShape = [g.Batch, g.OutputHeight, g.OutputWidth, g.OutputChannels];
        Comparer.AssertClose(
            ReferenceConvolution.Forward(g, convolution.Input, convolution.Kernel, convolution.Bias),
            convolution.Forward(), terms, outputShape, $"forward, {what}");
        Comparer.AssertClose(
            ReferenceConvolution.Forward(g, convolution.Input, convolution.Kernel, null),
            convolution.Forward(withBias: false), terms, outputShape, $"forward without bias, {what}");
        Comparer.AssertClose(
            ReferenceConvolution.InputGradient(g, convolution.OutputGradient, convolution.Kernel),
            convolution.InputGradient(), g.KernelArea * g.GroupOutputChannels,
            [g.Batch, g.InputHeight, g.InputWidth, g.InputChannels], $"gradient by input, {what}");

        long pixels = (long)g.Batch * g.OutputHeight * g.OutputWidth;
        (float[] kernel, float[] bias) = convolution.WeightGradient();
        Comparer.AssertClose(
            ReferenceConvolution.KernelGradient(g, convolution.Input, convolution.OutputGradient), kernel, pixels,
            [g.KernelHeight, g.KernelWidth, g.GroupInputChannels, g.OutputChannels], $"gradient by kernel, {what}");
        Comparer.AssertClose(
            ReferenceConvolution.BiasGradient(g, convolution.OutputGradient), bias, pixels,
            [g.OutputChannels], $"gradient by bias, {what}");
    }
}
