using Sepal.Kernels;

namespace Sepal.Benchmarks;

/// <summary>The layers of the MNIST networks, and some of MobileNet.</summary>
internal static class Shapes
{
    public static IEnumerable<(string Name, ConvolutionGeometry Geometry)> All =>
    [
        ("conv 28x28x1-32 3x3", Standard(28, 1, 32, 3)),
        ("conv 13x13x32-64 3x3", Standard(13, 32, 64, 3)),
        ("dense 1600-64", Standard(1, 1600, 64, 1)),
        ("dense 64-10", Standard(1, 64, 10, 1)),
        ("depthwise 28x28x1 3x3", Depthwise(28, 1, 3)),
        ("depthwise 13x13x32 3x3", Depthwise(13, 32, 3)),
        ("depthwise 11x11x64 3x3 same", Depthwise(11, 64, 3, padding: 1)),
        ("pointwise 26x26x1-32", Standard(26, 1, 32, 1)),
        ("pointwise 11x11x32-64", Standard(11, 32, 64, 1)),
        ("pointwise 11x11x64-64", Standard(11, 64, 64, 1)),
        ("depthwise 14x14x96 s2 same", Depthwise(14, 96, 3, stride: 2, padding: 1)),
        ("depthwise 14x14x40 5x5 same", Depthwise(14, 40, 5, padding: 2)),
        ("conv 32x32x3-32 3x3 s2", Standard(32, 3, 32, 3, stride: 2)),
        ("pointwise 7x7x512-512", Standard(7, 512, 512, 1)),
    ];

    private static ConvolutionGeometry Standard(int size, int channels, int filters, int kernel, int stride = 1) => new()
    {
        Batch = 1,
        InputHeight = size,
        InputWidth = size,
        InputChannels = channels,
        OutputHeight = ((size - kernel) / stride) + 1,
        OutputWidth = ((size - kernel) / stride) + 1,
        OutputChannels = filters,
        KernelHeight = kernel,
        KernelWidth = kernel,
        StrideHeight = stride,
        StrideWidth = stride,
    };

    private static ConvolutionGeometry Depthwise(int size, int channels, int kernel, int stride = 1, int padding = 0) =>
        Standard(size + (2 * padding), channels, channels, kernel, stride) with
        {
            InputHeight = size,
            InputWidth = size,
            Groups = channels,
            PaddingTop = padding,
            PaddingLeft = padding,
        };
}
