using System.Collections.Immutable;
using Sepal.Cli.Comparison;
using Sepal.Data;

namespace Sepal.Tests.Cli.Comparison;

/// <summary>A comparison with made-up accuracies and times, and MNIST's true counts.</summary>
internal static class SampleComparison
{
    private static readonly LayerRow Pooling = new("max_pooling2d", "MaxPooling2D", [13, 13, 32], 0, 0, 0.004);
    private static readonly LayerRow LastPooling = new("max_pooling2d_1", "MaxPooling2D", [5, 5, 64], 0, 0, 0.002);
    private static readonly LayerRow Flatten = new("flatten", "Flatten", [1600], 0, 0, 0);
    private static readonly LayerRow Dense = new("dense", "Dense", [64], 102_464, 102_400, 0.006);
    private static readonly LayerRow Answer = new("dense_1", "Dense", [10], 650, 640, 0.001);

    /// <summary>All four networks.</summary>
    /// <param name="separable">The separable network's accuracy.</param>
    /// <param name="mobile">The mobile network's accuracy.</param>
    /// <param name="separableTime">The separable network's training and latency, standard's being 1.</param>
    /// <returns>The comparison.</returns>
    public static ComparisonResult Make(double separable = 0.9713, double mobile = 0.9862, double separableTime = 0.8) => new()
    {
        Complete = true,
        Data = new DataDescription("data/mnist", 60_000, 10_000, [28, 28, 1], 10),
        Settings = new ComparisonSettings(5, 128, 1, 2, "Adam"),
        Machine = new MachineDescription(2, "x64, AVX-512", ".NET 10.0.0"),
        Networks =
        [
            Network(NetworkNames.Standard, "two standard convolutions", 0.9891, 61.4, 0.112, 18_816, 2_424_960, Standard, StandardLast),
            Network(
                NetworkNames.Separable,
                "the same with both convolutions separable",
                separable,
                61.4 * separableTime,
                0.112 * separableTime,
                2_473,
                310_372,
                Separable,
                SeparableLast),
            Network(
                NetworkNames.Mobile,
                "the first convolution standard, the other separable, as in MobileNet",
                mobile,
                52.2,
                0.094,
                2_720,
                477_344,
                Standard,
                SeparableLast),
            Network(
                NetworkNames.Deeper,
                "separable, and 3 more separable layers for the parameters saved",
                0.9902,
                118,
                0.21,
                16_681,
                2_006_308,
                [Separable, Pooling, SeparableLast, Extra(2), Extra(3), Extra(4), LastPooling, Flatten, Dense, Answer]),
        ],
    };

    private static LayerRow Standard => new("conv2d", "Conv2D", [26, 26, 32], 320, 194_688, 0.021);

    private static LayerRow StandardLast => new("conv2d_1", "Conv2D", [11, 11, 64], 18_496, 2_230_272, 0.052);

    private static LayerRow Separable => new("separable_conv2d", "SeparableConv2D", [26, 26, 32], 73, 27_716, 0.014);

    private static LayerRow SeparableLast => new("separable_conv2d_1", "SeparableConv2D", [11, 11, 64], 2_400, 282_656, 0.024);

    private static LayerRow Extra(int number) =>
        new($"separable_conv2d_{number}", "SeparableConv2D", [11, 11, 64], 4_736, 565_312, 0.034);

    private static NetworkResult Network(
        string name,
        string description,
        double accuracy,
        double seconds,
        double latency,
        long parameters,
        long macs,
        params ImmutableArray<LayerRow> layers) => new()
        {
            Name = name,
            Description = description,
            ConvolutionParameters = parameters,
            Parameters = parameters + Dense.Parameters + Answer.Parameters,
            ConvolutionMacs = macs,
            Macs = macs + Dense.Macs + Answer.Macs,
            TestAccuracy = accuracy,
            TestLoss = 3 * (1 - accuracy),
            TrainSeconds = seconds,
            LatencyMs = latency,
            Epochs = [.. Enumerable.Range(1, 5).Select(epoch => Epoch(epoch, accuracy, seconds / 5))],
            Layers = layers.Length > 2 ? layers : [layers[0], Pooling, layers[1], LastPooling, Flatten, Dense, Answer],
            Pictures = Draw(name),
        };

    private static EpochRow Epoch(int epoch, double last, double seconds)
    {
        double error = (1 - last) * (1 + (4 * Math.Exp(1 - epoch)));
        return new EpochRow(epoch, 4 * error, 1 - (1.3 * error), 3 * error, 1 - error, seconds);
    }

    private static NetworkPictures Draw(string name)
    {
        var random = new Random(name.Length);
        return new NetworkPictures(
            Picture(28, 28, 1),
            "7, rightly, 99.8 % sure",
            new PictureRow("First layer: 32 different 3×3 filters", [.. Enumerable.Range(0, 32).Select(_ => Picture(3, 3, 3))]),
            [
                new PictureRow("After the first convolution", [.. Enumerable.Range(0, 8).Select(_ => Picture(26, 26, 1))]),
                new PictureRow("After the last convolution", [.. Enumerable.Range(0, 8).Select(_ => Picture(11, 11, 1))]),
            ]);

        string Picture(int width, int height, int channels)
        {
            byte[] pixels = new byte[width * height * channels];
            random.NextBytes(pixels);
            return PngImage.DataUri(pixels, width, height);
        }
    }
}
