using Sepal.Kernels;
using Sepal.Kernels.Elementwise;
using Sepal.Kernels.Rows;
using Xunit;

namespace Sepal.Tests.Kernels.Rows;

/// <summary>Convolutions by rows, with all that is fused to them, against the textbook's sums.</summary>
public sealed class ConvolutionRowsTests
{
    private static readonly Dictionary<string, RowsOptions> Fusions = new()
    {
        ["nothing"] = new RowsOptions(),
        ["no bias"] = new RowsOptions { HasBias = false },
        ["floor"] = new RowsOptions { Epilogue = new Epilogue { Low = 0 } },
        ["bounds"] = new RowsOptions { Epilogue = new Epilogue { Low = -0.25f, High = 0.5f } },
        ["ceiling"] = new RowsOptions { Epilogue = new Epilogue { High = 0.125f }, HasBias = false },
        ["curve"] = new RowsOptions { Epilogue = new Epilogue { Curve = UnaryKernel.Of<Swish>() }, Curve = Swish },
        ["bounds and curve"] = new RowsOptions
        {
            Epilogue = new Epilogue { Low = -1, High = 2, Curve = UnaryKernel.Of<Sigmoid>() },
            Curve = value => 1 / (1 + Math.Exp(-value)),
        },
        ["addend"] = new RowsOptions { HasAddend = true },
        ["addend and bounds"] = new RowsOptions { HasAddend = true, Epilogue = new Epilogue { Low = 0, High = 1 } },
        ["addend and curve"] = new RowsOptions { HasAddend = true, Epilogue = new Epilogue { Curve = UnaryKernel.Of<Swish>() }, Curve = Swish },
    };

    public static TheoryData<string> Shapes => [.. ConvolutionShapes.All.Keys];

    public static TheoryData<string> DepthwiseShapes => [.. Depthwise.DepthwiseShapes.All.Keys];

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Rows_match_the_reference(string shape) => CheckFusions(ConvolutionShapes.All[shape]);

    [Theory]
    [MemberData(nameof(DepthwiseShapes))]
    public void Depthwise_rows_match_the_reference(string shape) => CheckFusions(Depthwise.DepthwiseShapes.All[shape]);

    [Fact]
    public void Rows_of_random_shapes_match_the_reference()
    {
        int first = Random.Shared.Next();
        string[] names = [.. Fusions.Keys];
        for (int index = 0; index < 150; index++)
        {
            ConvolutionGeometry geometry = ConvolutionShapes.Random(first + index);
            Check(geometry, Fusion(names[index % names.Length], geometry), $"seed {first + index}");
        }
    }

    [Theory]
    [InlineData(7, 24, 160)]
    [InlineData(5, 33, 192)]
    [InlineData(3, 16, 100)]
    [InlineData(2, 7, 9)]
    public void Sharing_channels_among_threads_changes_no_bit(int size, int channels, int filters)
    {
        ConvolutionGeometry geometry = ConvolutionShapes.Make(1, (size, size, channels), filters, (1, 1), (1, 1), (1, 1), (0, 0, 0, 0));
        float[] expected = new RowsCase(geometry, new RowsOptions()).Run(size, int.MaxValue);
        foreach (int shares in (int[])[2, 3, 4])
        {
            var shared = new RowsCase(geometry, new RowsOptions { Shares = shares });
            Assert.Equal(expected, shared.Run(size, 1));
            Assert.True(shares != 2 || shared.Blocks % 2 == 0 || filters < 128);
        }
    }

    [Theory]
    [InlineData(1, 7, 9, 16, 24)]
    [InlineData(5, 4, 3, 17, 33)]
    [InlineData(3, 60, 3, 31, 7)]
    [InlineData(13, 11, 5, 3, 96)]
    [InlineData(2, 130, 1, 64, 80)]
    [InlineData(1, 1, 1, 2100, 21)]
    public void Channels_are_scaled_first(int height, int width, int seed, int channels, int filters)
    {
        ConvolutionGeometry geometry = ConvolutionShapes.Make(1, (height, width, channels), filters, (1, 1), (1, 1), (1, 1), default);
        Check(geometry, new RowsOptions { IsScaled = true }, "scaled", seed);
        Check(geometry, new RowsOptions { IsScaled = true, HasAddend = true, Epilogue = new Epilogue { Low = 0 } }, "scaled with addend", seed);
    }

    [Theory]
    [InlineData(3, 3, 2, 1)]
    [InlineData(5, 4, 1, 2)]
    [InlineData(1, 2, 3, 0)]
    [InlineData(7, 7, 2, 3)]
    public void A_planar_source_gives_what_an_interleaved_one_gives(int kernelHeight, int kernelWidth, int stride, int padding)
    {
        ConvolutionGeometry geometry = ConvolutionShapes.Make(
            1, (23, 37, 3), 19, (kernelHeight, kernelWidth), (stride, stride), (1, 1), (padding, padding, 0, padding));
        Check(geometry, new RowsOptions { IsPlanar = true, Epilogue = new Epilogue { Low = 0 } }, "planar");
        RowsCase planar = new(geometry, new RowsOptions { IsPlanar = true });
        RowsCase interleaved = new(geometry, new RowsOptions());
        Comparer.AssertSameBits(
            interleaved.Run(int.MaxValue / 2), planar.Run(int.MaxValue / 2), [geometry.OutputImageLength], "planar and interleaved");
    }

    [Theory]
    [InlineData(3, 3, 256, 17)]
    [InlineData(3, 3, 256, 96)]
    [InlineData(5, 5, 96, 20)]
    [InlineData(16, 16, 8, 40)]
    [InlineData(1, 1, 2048, 33)]
    [InlineData(1, 1, 2500, 70)]
    [InlineData(2, 1, 1100, 5)]
    [InlineData(9, 9, 32, 1)]
    public void Long_sums_are_added_up_in_segments(int kernelHeight, int kernelWidth, int channels, int filters)
    {
        ConvolutionGeometry geometry = ConvolutionShapes.Make(
            1, (kernelHeight + 1, kernelWidth + 2, channels), filters, (kernelHeight, kernelWidth), (1, 1), (1, 1), (0, 1, 1, 0));
        foreach (string fusion in (string[])["nothing", "no bias", "bounds and curve", "addend and curve", "addend and bounds"])
        {
            Check(geometry, Fusions[fusion], fusion);
        }
    }

    [Theory]
    [InlineData(1, 24, 24)]
    [InlineData(3, 7, 20)]
    [InlineData(3, 16, 33)]
    public void Bounds_let_NaN_pass_and_hold_infinity(int kernel, int channels, int filters)
    {
        foreach (int groups in (int[])[1, channels])
        {
            int outputs = groups == 1 ? filters : channels;
            ConvolutionGeometry geometry = ConvolutionShapes.Make(
                1, (8, 9, channels), outputs, (kernel, kernel), (1, 1), (1, 1), (kernel / 2, kernel / 2, kernel / 2, kernel / 2), groups);
            var options = new RowsOptions { Epilogue = new Epilogue { Low = 0, High = 6 } };
            RowsCase convolution = new(geometry, options);
            convolution.Input[5] = float.NaN;
            convolution.Input.AsSpan(geometry.InputImageLength / 2, 6).Fill(float.PositiveInfinity);
            convolution.Input[^2] = float.NegativeInfinity;
            double[] expected = convolution.Reference(convolution.Sums());
            float[] actual = convolution.Run(2);
            Assert.Contains(expected, double.IsNaN);
            Assert.Contains(expected, value => value == 6);
            for (int index = 0; index < expected.Length; index++)
            {
                Assert.Equal(double.IsNaN(expected[index]), float.IsNaN(actual[index]));
                Assert.True(double.IsNaN(expected[index]) || Math.Abs(expected[index] - actual[index]) < 1e-4, $"{convolution}, {index}: {expected[index]}, {actual[index]}");
            }
        }
    }

    private static double Swish(double value) => value / (1 + Math.Exp(-value));

    private static void CheckFusions(in ConvolutionGeometry geometry)
    {
        double[] sums = new RowsCase(geometry, new RowsOptions()).Sums();
        foreach (string fusion in Fusions.Keys)
        {
            Check(geometry, Fusion(fusion, geometry), fusion, sums: sums);
        }
    }

    /// <summary>A depthwise convolution adds nothing to its result.</summary>
    private static RowsOptions Fusion(string name, in ConvolutionGeometry geometry) =>
        DepthwiseStage.Suits(geometry) && Fusions[name].HasAddend ? Fusions["nothing"] : Fusions[name];

    private static void Check(in ConvolutionGeometry geometry, RowsOptions options, string what, int seed = 1, double[]? sums = null)
    {
        RowsCase convolution = new(geometry, options, seed);
        ConvolutionGeometry g = convolution.Geometry;
        int[] shape = [g.OutputHeight, g.OutputWidth, g.OutputChannels];
        float[] all = convolution.Run(g.OutputHeight);
        Comparer.AssertClose(
            convolution.Reference(sums ?? convolution.Sums()), all, g.KernelArea * g.GroupInputChannels, shape, $"{what}, {convolution}");
        Comparer.AssertSameBits(all, convolution.Run(1), shape, $"{what}, row by row, {convolution}");
        Comparer.AssertSameBits(all, convolution.Run(3, blocks: 1), shape, $"{what}, three rows and a block, {convolution}");
        if (convolution.Blocks > 2)
        {
            Comparer.AssertSameBits(all, convolution.Run(g.OutputHeight, blocks: 2), shape, $"{what}, two blocks, {convolution}");
        }
    }
}
