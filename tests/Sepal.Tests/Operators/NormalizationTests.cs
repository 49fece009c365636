using Sepal.Graphs;
using Sepal.Operators;
using Xunit;

namespace Sepal.Tests.Operators;

/// <summary>Normalisation by an example's own numbers: of layers, of instances, and by neighbouring channels.</summary>
public sealed class NormalizationTests
{
    [Fact]
    public void Layer_normalization_matches_the_reference_for_every_length()
    {
        foreach (int channels in TestNumbers.Channels.Skip(1))
        {
            CheckLayer([3, 4, channels], -1, hasOffset: true);
            CheckLayer([2, 3, channels], 1, hasOffset: false);
        }
    }

    [Fact]
    public void Layer_normalization_matches_the_reference_over_several_parts()
    {
        CheckLayer([3, 700, 40], 2, hasOffset: true);
        CheckLayer([4, 3, 50, 40], 1, hasOffset: true);
    }

    [Fact]
    public void Layer_normalization_gives_its_statistics()
    {
        TensorData[] outputs = ElementHarness.Run(
            new LayerNormalization { Epsilon = 0 },
            ElementHarness.Tensor([2, 2], 1f, 3, 10, 14),
            ElementHarness.Tensor([2], 1f, 2),
            ElementHarness.Tensor([2], 0f, 1));
        Assert.Equal([-1f, 3, -1, 3], outputs[0].Elements<float>().ToArray());
        Assert.Equal([2f, 12], outputs[1].Elements<float>().ToArray());
        Assert.Equal([1f, 0.5f], outputs[2].Elements<float>().ToArray());
        Assert.Equal([2, 1], outputs[1].Shape);
    }

    [Fact]
    public void Layer_normalization_does_not_lose_a_small_deviation_under_a_large_mean()
    {
        float[] numbers = [.. Enumerable.Range(0, 40).Select(index => 4096 + (index % 2 == 0 ? 1f / 64 : -1f / 64))];
        TensorData[] outputs = ElementHarness.Run(
            new LayerNormalization { Epsilon = 0 }, ElementHarness.Tensor([1, 40], numbers), ElementHarness.Tensor([40], [.. Enumerable.Repeat(1f, 40)]));
        Assert.All(outputs[0].Elements<float>().ToArray(), value => Assert.Equal(1, Math.Abs(value), 1e-5));
    }

    [Fact]
    public void Instance_normalization_matches_the_reference()
    {
        foreach (int channels in TestNumbers.Channels)
        {
            CheckInstance([3, 4, 5, channels]);
            CheckInstance([2, 7, channels]);
        }

        CheckInstance([2, 60, 70, 8]);
        CheckInstance([2, 3, 4, 5, 6]);
    }

    [Fact]
    public void Local_response_normalization_matches_the_reference()
    {
        foreach (int channels in TestNumbers.Channels)
        {
            foreach (int size in (int[])[1, 2, 3, 4, 5, 9, 40])
            {
                CheckResponse([2, 3, channels], size);
            }
        }

        CheckResponse([2, 40, 50, 20], 5);
    }

    private static void CheckLayer(int[] shape, int axis, bool hasOffset)
    {
        var random = new Random(1);
        int position = axis < 0 ? axis + shape.Length : axis;
        int[] normalized = shape[position..];
        int length = TestNumbers.Length(normalized);
        Operand[] operands =
        [
            new Operand(shape, TestNumbers.Uniform(random, TestNumbers.Length(shape), -1, 2)),
            TestNumbers.Operand(random, normalized, OperandKind.Weight),
            TestNumbers.Operand(random, normalized, OperandKind.Weight),
        ];
        new OperatorHarness(new LayerNormalization(axis) { Epsilon = 0.01f }, hasOffset ? operands : operands[..2]) { Terms = TestNumbers.Length(shape) }
            .Check(numbers => [.. numbers[0].Chunk(length).SelectMany(row => Normalize(
                row, index => numbers[1][index], index => hasOffset ? numbers[2][index] : 0, 0.01))]);
    }

    private static void CheckInstance(int[] shape)
    {
        var random = new Random(1);
        int channels = shape[^1];
        var harness = new OperatorHarness(
            new InstanceNormalization { Epsilon = 0.01f },
            new Operand(shape, TestNumbers.Uniform(random, TestNumbers.Length(shape), -1, 2)),
            TestNumbers.Operand(random, [channels], OperandKind.Weight),
            TestNumbers.Operand(random, [channels], OperandKind.Weight))
        {
            Terms = TestNumbers.Length(shape[1..]) / channels,
        };
        harness.CheckInference(numbers =>
        {
            var result = new double[numbers[0].Length];
            int imageLength = result.Length / shape[0];
            for (int start = 0; start < result.Length; start += imageLength)
            {
                for (int channel = 0; channel < channels; channel++)
                {
                    int[] positions = [.. Enumerable.Range(0, imageLength / channels).Select(pixel => start + (pixel * channels) + channel)];
                    double scale = numbers[1][channel];
                    double offset = numbers[2][channel];
                    double[] normalized = Normalize([.. positions.Select(position => numbers[0][position])], _ => scale, _ => offset, 0.01);
                    for (int index = 0; index < positions.Length; index++)
                    {
                        result[positions[index]] = normalized[index];
                    }
                }
            }

            return result;
        });
        harness.CheckBatchSplits();
    }

    private static void CheckResponse(int[] shape, int size)
    {
        int channels = shape[^1];
        float[] input = TestNumbers.Uniform(new Random(1), TestNumbers.Length(shape), -3, 3);
        var harness = new OperatorHarness(
            new LocalResponseNormalization(size) { Alpha = 0.5f, Beta = 0.6f, Bias = 1.5f }, new Operand(shape, input))
        {
            Terms = size,
        };
        harness.CheckInference(numbers => [.. numbers[0].Chunk(channels).SelectMany(pixel => pixel.Select((value, channel) =>
        {
            int first = channel - ((size - 1) / 2);
            double sum = pixel.Where((_, other) => other >= first && other < first + size).Sum(other => other * other);
            return value / Math.Pow(1.5f + (0.5f / size * sum), 0.6f);
        }))]);
        harness.CheckBatchSplits();
    }

    private static double[] Normalize(double[] row, Func<int, double> scale, Func<int, double> offset, double epsilon)
    {
        double mean = row.Average();
        double variance = row.Average(value => (value - mean) * (value - mean));
        return [.. row.Select((value, index) => ((value - mean) / Math.Sqrt(variance + epsilon) * scale(index)) + offset(index))];
    }
}
