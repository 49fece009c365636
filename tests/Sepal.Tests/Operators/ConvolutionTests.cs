using Sepal.Graphs;
using Sepal.Kernels;
using Sepal.Operators;
using Sepal.Tests.References;
using Xunit;

namespace Sepal.Tests.Operators;

/// <summary>Convolutions and dense layers as nodes; their kernels have tests of their own, over many more shapes.</summary>
public sealed class ConvolutionTests
{
    // The result is linear in every operand, so a wide step makes no error, and leaves little to rounding.
    private const double Step = 0.25;

    public static TheoryData<string, int, int, bool> Kinds { get; } = new()
    {
        { "standard", 1, 6, true },
        { "without bias", 1, 6, false },
        { "grouped", 2, 6, true },
        { "depthwise", 4, 4, true },
        { "depthwise with a multiplier", 4, 12, false },
    };

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Convolution_matches_the_reference(string kind, int groups, int filters, bool hasBias)
    {
        Assert.NotEmpty(kind);
        foreach (Padding2D padding in (Padding2D[])[Padding2D.Valid, Padding2D.Same, Padding2D.Explicit(2, 0, 1, 3)])
        {
            var convolution = new Convolution(filters, (3, 2)) { Groups = groups, Padding = padding, Strides = (2, 1) };
            Check(convolution, [3, 7, 5, 4], hasBias);
            Check(convolution with { Strides = 1, DilationRate = (1, 2) }, [1, 6, 8, 4], hasBias);
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Pointwise_convolution_matches_the_reference(bool hasBias) => Check(new Convolution(17, 1), [3, 5, 4, 9], hasBias);

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Dense_matches_the_reference(bool hasBias)
    {
        foreach (int[] shape in (int[][])[[3, 10], [1, 33], [2, 4, 7]])
        {
            const int units = 5;
            var geometry = new ConvolutionGeometry
            {
                Batch = TestNumbers.Length(shape) / shape[^1],
                InputHeight = 1,
                InputWidth = 1,
                InputChannels = shape[^1],
                OutputHeight = 1,
                OutputWidth = 1,
                OutputChannels = units,
                KernelHeight = 1,
                KernelWidth = 1,
            };
            Harness(new Dense(units), [shape, [shape[^1], units], [units]], hasBias, geometry).Check(Reference(geometry));
        }
    }

    private static void Check(Convolution convolution, int[] shape, bool hasBias)
    {
        (int top, int left) = convolution.Window.LeadingPadding(shape[1], shape[2]);
        var call = new OperatorCall("convolution", convolution, []);
        (Dimension height, Dimension width) = convolution.Window.OutputSize(call, shape[1], shape[2]);
        var geometry = new ConvolutionGeometry
        {
            Batch = shape[0],
            InputHeight = shape[1],
            InputWidth = shape[2],
            InputChannels = shape[3],
            OutputHeight = (int)height.Value,
            OutputWidth = (int)width.Value,
            OutputChannels = convolution.Filters,
            Groups = convolution.Groups,
            KernelHeight = convolution.KernelSize.Height,
            KernelWidth = convolution.KernelSize.Width,
            StrideHeight = convolution.Strides.Height,
            StrideWidth = convolution.Strides.Width,
            DilationHeight = convolution.DilationRate.Height,
            DilationWidth = convolution.DilationRate.Width,
            PaddingTop = top,
            PaddingLeft = left,
        };
        int[] kernel = [geometry.KernelHeight, geometry.KernelWidth, geometry.GroupInputChannels, geometry.OutputChannels];
        Harness(convolution, [shape, kernel, [geometry.OutputChannels]], hasBias, geometry).Check(Reference(geometry));
    }

    private static OperatorHarness Harness(Operator @operator, int[][] shapes, bool hasBias, ConvolutionGeometry geometry)
    {
        var random = new Random(1);
        Operand[] operands =
        [
            TestNumbers.Operand(random, shapes[0]),
            .. shapes[1..(hasBias ? 3 : 2)].Select(shape => TestNumbers.Operand(random, shape, OperandKind.Weight)),
        ];
        return new OperatorHarness(@operator, operands)
        {
            Terms = geometry.Batch * geometry.OutputHeight * geometry.OutputWidth * geometry.KernelArea,
            Step = Step,
        };
    }

    private static ReferenceFunction Reference(ConvolutionGeometry geometry) => operands => ReferenceConvolution.Forward(
        geometry, Floats(operands[0]), Floats(operands[1]), operands.Length > 2 ? Floats(operands[2]) : null);

    private static float[] Floats(double[] numbers) => Array.ConvertAll(numbers, number => (float)number);
}
