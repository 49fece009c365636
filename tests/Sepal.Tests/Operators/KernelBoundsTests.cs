using Sepal.Kernels.Broadcasting;
using Sepal.Kernels.Copying;
using Sepal.Kernels.Elementwise;
using Sepal.Kernels.Normalization;
using Sepal.Kernels.Pooling;
using Sepal.Kernels.Resampling;
using Xunit;

namespace Sepal.Tests.Operators;

/// <summary>
/// Kernels on memory that ends where their data do: reading or writing past it crashes or breaks a canary, and what was not
/// written stays NaN.
/// </summary>
public sealed unsafe class KernelBoundsTests
{
    public static TheoryData<int> Channels { get; } = [.. TestNumbers.Channels];

    [Theory]
    [MemberData(nameof(Channels))]
    public void Elementwise_kernels_stay_within_their_memory(int length)
    {
        UnaryKernel[] kernels =
        [
            UnaryKernel.Of<Relu>(), UnaryKernel.Of<Relu6>(), UnaryKernel.Of<Sigmoid>(), UnaryKernel.Of<HardSigmoid>(),
            UnaryKernel.Of<HardSwish>(), UnaryKernel.Of<Swish>(), UnaryKernel.Of<Tanh>(), UnaryKernel.Of<Gelu>(),
            UnaryKernel.Of(new LeakyRelu(0.1f)), UnaryKernel.Of<Erf>(), UnaryKernel.Of<Logarithm>(), UnaryKernel.Of<Round>(),
        ];
        foreach (UnaryKernel kernel in kernels)
        {
            Check([length, length], length, (inputs, output) => kernel.Forward(inputs[0].Pointer, output.Pointer, length));
            Check([length, length], length, (inputs, output) =>
                kernel.Gradient(inputs[0].Pointer, inputs[1].Pointer, output.Pointer, length));
        }

        Check([length], length, (inputs, output) => RescalingKernel.Instance.Run(inputs[0].Pointer, output.Pointer, length, 2, 1));
        Check([length], length, (inputs, output) =>
            DropoutKernel.Instance.Run(inputs[0].Pointer, output.Pointer, 0, length, 0.5f, 1, 1));
    }

    [Theory]
    [MemberData(nameof(Channels))]
    public void Row_kernels_stay_within_their_memory(int channels)
    {
        const int rows = 5;
        int length = rows * channels;
        var softmax = SoftmaxKernel.Create(channels);
        Check([length], length, (inputs, output) => softmax.Forward(inputs[0].Pointer, output.Pointer, rows));
        Check([length, length], length, (inputs, output) =>
            softmax.Gradient(inputs[0].Pointer, inputs[1].Pointer, output.Pointer, rows));

        var statistics = BatchStatisticsKernel.Create(channels);
        Check([length], 2 * channels, (inputs, output) => statistics.Measure(inputs[0].Pointer, rows, output.Pointer));
        Check([6 * channels], 2 * channels, (inputs, output) => statistics.Combine(
            inputs[0].Pointer, [0, 4, 8, 10], output.Pointer, output.Pointer + channels, 0, channels));

        var gradient = NormalizationGradientKernel.Create(channels);
        Check([2 * channels, channels, channels], 2 * channels, (inputs, output) => gradient.Coefficients(
            inputs[0].Pointer, inputs[1].Pointer, inputs[2].Pointer, rows, output.Pointer));
        Check([2 * channels, channels], 2 * channels, (inputs, output) => gradient.Parameters(
            inputs[0].Pointer, inputs[1].Pointer, output.Pointer, output.Pointer + channels));
        Check([length, channels], length, (inputs, output) => gradient.Scale(
            inputs[0].Pointer, output.Pointer, rows, inputs[1].Pointer));
        foreach (var activated in (ActivatedNormalizationKernel[])[
            ActivatedNormalizationKernel.Of<Identity>(channels), ActivatedNormalizationKernel.Of<Relu>(channels),
            ActivatedNormalizationKernel.Of<Swish>(channels)])
        {
            Check([length, channels, channels, channels], length, (inputs, output) => activated.Forward(
                inputs[0].Pointer, output.Pointer, rows, Terms(inputs, 1)));
            Check([length, length, channels, channels, channels], 2 * channels, (inputs, output) => activated.Sum(
                inputs[0].Pointer, inputs[1].Pointer, rows, Terms(inputs, 2), output.Pointer));
            Check([length, length, channels, channels, channels, 2 * channels], length, (inputs, output) => activated.Input(
                inputs[0].Pointer, inputs[1].Pointer, output.Pointer, rows, Terms(inputs, 2), inputs[5].Pointer));
        }
    }

    [Theory]
    [MemberData(nameof(Channels))]
    public void Broadcasting_kernels_stay_within_their_memory(int channels)
    {
        int[] whole = [2, 3, channels];
        int length = 6 * channels;
        foreach (int[] other in (int[][])[[2, 3, channels], [2, 1, channels], [2, 3, 1], [channels], [1]])
        {
            int otherLength = TestNumbers.Length(other);
            var kernel = BroadcastKernel.Of<Product>(BroadcastLayout.Create(whole, whole, other));
            Check([length, otherLength], length, (inputs, output) =>
                kernel.Run(inputs[0].Pointer, inputs[1].Pointer, output.Pointer, 0, length));
            var difference = BroadcastKernel.Of<Difference>(BroadcastLayout.Create(whole, other, whole));
            Check([otherLength, length], length, (inputs, output) =>
                difference.Run(inputs[0].Pointer, inputs[1].Pointer, output.Pointer, 0, length));
            var gradient = BroadcastGradientKernel.Of<DivisorGradient>(BroadcastLayout.Create(whole, other, whole));
            Check([otherLength, length, length], length, (inputs, output) =>
                gradient.Run(inputs[0].Pointer, inputs[1].Pointer, inputs[2].Pointer, output.Pointer, 0, length));
            var reduction = BroadcastReduction.Create(BroadcastLayout.Create(whole, other, whole));
            Check([length, length], otherLength, (inputs, output) => reduction.Run(
                inputs[0].Pointer, inputs[1].Pointer, output.Pointer, otherLength, 0, reduction.OutermostExtent));
        }
    }

    [Theory]
    [MemberData(nameof(Channels))]
    public void Pooling_kernels_stay_within_their_memory(int channels)
    {
        var geometry = new PoolingGeometry(2, new PoolingAxis(5, 3, 3, 2, 1), new PoolingAxis(4, 2, 2, 2, 0), channels);
        int inputLength = 2 * 5 * 4 * channels;
        int outputLength = 2 * 3 * 2 * channels;
        foreach (PoolingKernel kernel in (PoolingKernel[])[PoolingKernel.Maximum(geometry), PoolingKernel.Average(geometry)])
        {
            Check([inputLength], outputLength, (inputs, output) => kernel.Run(inputs[0].Pointer, output.Pointer, 0, 6, 0, channels));
        }

        var average = AveragePoolingGradient.Create(geometry);
        Check([outputLength], inputLength, (inputs, output) => average.Run(inputs[0].Pointer, output.Pointer, 0, 10));
        var maximum = MaximumPositions.Create(geometry);
        Check([inputLength, outputLength], outputLength, (inputs, output) =>
            maximum.Forward(inputs[0].Pointer, output.Pointer, inputs[1].Pointer, 0, 6, 0, channels));
        Check([outputLength, outputLength], inputLength, (inputs, output) =>
            maximum.Gradient(inputs[0].Pointer, inputs[1].Pointer, output.Pointer, 0, 10));
    }

    [Theory]
    [MemberData(nameof(Channels))]
    public void Copying_kernels_stay_within_their_memory(int channels)
    {
        var border = new BorderCopy(3, 2 * channels, 6, 5 * channels, 1, channels);
        Check([12 * channels], 60 * channels, (inputs, output) => border.Pad(inputs[0].Pointer, output.Pointer, 0, 12));
        Check([60 * channels], 12 * channels, (inputs, output) => border.Crop(inputs[0].Pointer, output.Pointer, 0, 6));
        Check([6 * channels], 3 * channels, (inputs, output) =>
            RowCopy.Run(inputs[0].Pointer + channels, 2 * channels, output.Pointer, channels, channels, 3));
    }

    [Theory]
    [MemberData(nameof(Channels))]
    public void Kernels_that_move_axes_stay_within_their_memory(int channels)
    {
        int length = 30 * channels;
        foreach (int[] permutation in (int[][])[[0, 3, 1, 2], [0, 2, 3, 1], [3, 1, 2, 0], [1, 0, 2, 3]])
        {
            if (TransposeKernel.Create([2, 3, 5, channels], permutation) is { } transpose)
            {
                Check([length], length, (inputs, output) => transpose.Run(
                    inputs[0].Pointer, output.Pointer, sizeof(float), 0, transpose.Matrices * transpose.Rows));
            }
        }

        int[]?[] positions = [null, [2, AxisCopy.Outside, 0, 0], null, [channels - 1, AxisCopy.Outside, 0]];
        AxisCopy copy = AxisCopy.Create([2, 3, 5, channels], positions)!;
        Check([length], 2 * 4 * 5 * 3, (inputs, output) =>
            copy.Run(inputs[0].Pointer, output.Pointer, null, sizeof(float), 0, copy.Rows));
        AxisCopy runs = AxisCopy.Create([2, 3, 5, channels], [null, [2, AxisCopy.Outside, 0, 0], null, null])!;
        Check([length], 2 * 4 * 5 * channels, (inputs, output) =>
            runs.Run(inputs[0].Pointer, output.Pointer, null, sizeof(float), 0, runs.Rows));

        AxisWeights weights = AxisWeights.Of(5, 7, index => [(index * 4 / 6, 0.5f), ((index * 4 / 6) == 4 ? 4 : (index * 4 / 6) + 1, 0.5f)]);
        AxisProduct product = AxisProduct.Create(weights, channels);
        Check([length], 6 * 7 * channels, (inputs, output) => product.Run(inputs[0].Pointer, output.Pointer, 0, 6 * 7));
        AxisProduct back = AxisProduct.Create(weights.Transposed(), channels);
        Check([6 * 7 * channels], length, (inputs, output) => back.Run(inputs[0].Pointer, output.Pointer, 0, 6 * 5));
    }

    private static NormalizationTerms Terms(GuardedBuffer[] inputs, int first) =>
        new(inputs[first].Pointer, inputs[first + 1].Pointer, inputs[first + 2].Pointer);

    private static void Check(int[] inputLengths, int outputLength, Action<GuardedBuffer[], GuardedBuffer> run)
    {
        var random = new Random(1);
        GuardedBuffer[] inputs = [.. inputLengths.Select(length => new GuardedBuffer(TestNumbers.Uniform(random, length, 0.5f, 2)))];
        using var output = new GuardedBuffer(outputLength);
        run(inputs, output);
        Assert.DoesNotContain(output.Span.ToArray(), float.IsNaN);
        Array.ForEach(inputs, input => input.Dispose());
    }
}
