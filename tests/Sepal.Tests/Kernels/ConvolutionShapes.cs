using Sepal.Kernels;

namespace Sepal.Tests.Kernels;

/// <summary>The shapes that every convolution kernel is tested on.</summary>
internal static class ConvolutionShapes
{
    private static readonly int[] Channels = [1, 2, 3, 4, 7, 8, 15, 16, 17, 31, 32, 33, 64, 96];

    /// <summary>Each with its name.</summary>
    public static Dictionary<string, ConvolutionGeometry> All { get; } = Build();

    /// <summary>A geometry whose output follows from its padding on all four sides.</summary>
    public static ConvolutionGeometry Make(
        int batch, (int H, int W, int C) input, int filters, (int H, int W) kernel, (int H, int W) stride,
        (int H, int W) dilation, (int Top, int Left, int Bottom, int Right) padding, int groups = 1) => new()
        {
            Batch = batch,
            InputHeight = input.H,
            InputWidth = input.W,
            InputChannels = input.C,
            OutputHeight = Output(input.H, kernel.H, stride.H, dilation.H, padding.Top + padding.Bottom),
            OutputWidth = Output(input.W, kernel.W, stride.W, dilation.W, padding.Left + padding.Right),
            OutputChannels = filters,
            Groups = groups,
            KernelHeight = kernel.H,
            KernelWidth = kernel.W,
            StrideHeight = stride.H,
            StrideWidth = stride.W,
            DilationHeight = dilation.H,
            DilationWidth = dilation.W,
            PaddingTop = padding.Top,
            PaddingLeft = padding.Left,
        };

    /// <summary>A random geometry: every property varies, small enough to be checked quickly.</summary>
    public static ConvolutionGeometry Random(int seed)
    {
        Random random = new(seed);
        while (true)
        {
            int kind = random.Next(3);
            int groups = kind == 0 ? 1 : random.Next(1, kind == 1 ? 5 : 40);
            int groupInputs = kind == 2 ? 1 : random.Next(1, 20);
            int groupOutputs = kind == 2 ? random.Next(1, 4) : random.Next(1, 40);
            ConvolutionGeometry geometry = Make(
                random.Next(1, 4), (random.Next(1, 14), random.Next(1, 14), groups * groupInputs),
                groups * groupOutputs, (random.Next(1, 6), random.Next(1, 6)), (random.Next(1, 4), random.Next(1, 4)),
                (random.Next(1, 4), random.Next(1, 4)),
                (random.Next(0, 5), random.Next(0, 5), random.Next(0, 5), random.Next(0, 5)), groups);
            if (geometry.OutputHeight > 0 && geometry.OutputWidth > 0)
            {
                return geometry;
            }
        }
    }

    private static int Output(int input, int kernel, int stride, int dilation, int padding) =>
        input + padding < ((kernel - 1) * dilation) + 1 ? 0 : ((input + padding - ((kernel - 1) * dilation) - 1) / stride) + 1;

    private static Dictionary<string, ConvolutionGeometry> Build()
    {
        Dictionary<string, ConvolutionGeometry> shapes = new()
        {
            ["mnist first"] = Make(3, (28, 28, 1), 32, (3, 3), (1, 1), (1, 1), default),
            ["mnist second"] = Make(3, (13, 13, 32), 64, (3, 3), (1, 1), (1, 1), default),
            ["mnist dense"] = Make(33, (1, 1, 1600), 64, (1, 1), (1, 1), (1, 1), default),
            ["mnist classes"] = Make(33, (1, 1, 64), 10, (1, 1), (1, 1), (1, 1), default),
            ["stem"] = Make(1, (32, 30, 3), 32, (3, 3), (2, 2), (1, 1), (0, 0, 1, 1)),
            ["wide"] = Make(3, (5, 9, 17), 33, (1, 5), (1, 1), (1, 1), (0, 2, 0, 2)),
            ["tall"] = Make(3, (9, 5, 17), 33, (5, 1), (1, 1), (1, 1), (2, 0, 2, 0)),
            ["strided"] = Make(3, (11, 8, 7), 15, (3, 2), (2, 3), (1, 1), (1, 0, 2, 1)),
            ["dilated"] = Make(3, (11, 13, 8), 16, (3, 3), (1, 1), (2, 3), (2, 3, 2, 3)),
            ["strided and dilated"] = Make(3, (13, 11, 4), 31, (3, 3), (2, 3), (3, 2), (3, 1, 2, 4)),
            ["pointwise strided"] = Make(3, (7, 8, 16), 24, (1, 1), (2, 2), (1, 1), default),
            ["pointwise padded"] = Make(3, (4, 5, 16), 24, (1, 1), (1, 1), (1, 1), (1, 2, 2, 1)),
            ["asymmetric"] = Make(3, (6, 7, 3), 5, (4, 3), (1, 1), (1, 1), (0, 3, 3, 0)),
            ["all padding"] = Make(3, (3, 2, 4), 8, (2, 2), (1, 1), (1, 1), (4, 5, 5, 4)),
            ["unread input"] = Make(3, (9, 9, 4), 8, (2, 2), (4, 4), (1, 1), default),
            ["many channels"] = Make(2, (25, 22, 288), 136, (1, 1), (1, 1), (1, 1), default),
            ["many weights"] = Make(2, (17, 17, 40), 72, (3, 3), (1, 1), (1, 1), (1, 1, 1, 1)),
            ["one pixel"] = Make(3, (1, 1, 5), 6, (3, 3), (1, 1), (1, 1), (1, 1, 1, 1)),
            ["many rows"] = Make(1, (1, 700, 16), 96, (1, 1), (1, 1), (1, 1), default),
            ["many images"] = Make(40, (8, 8, 8), 16, (3, 3), (1, 1), (1, 1), (1, 1, 1, 1)),
            ["grouped"] = Make(3, (6, 7, 12), 20, (3, 3), (1, 1), (1, 1), (1, 1, 1, 1), groups: 4),
            ["grouped wide"] = Make(3, (6, 7, 8), 128, (3, 2), (2, 1), (1, 2), (1, 1, 1, 1), groups: 2),
            ["depthwise mnist"] = Make(3, (28, 28, 1), 1, (3, 3), (1, 1), (1, 1), default),
            ["depthwise many images"] = Make(40, (11, 11, 64), 64, (3, 3), (1, 1), (1, 1), (1, 1, 1, 1), groups: 64),
            ["depthwise image of one row"] = Make(3, (1, 20, 16), 16, (3, 3), (1, 1), (1, 1), (1, 1, 1, 1), groups: 16),
            ["depthwise all padding"] = Make(3, (3, 2, 20), 20, (2, 3), (1, 1), (1, 1), (4, 5, 5, 4), groups: 20),
        };
        foreach (int channels in Channels)
        {
            shapes[$"{channels} to {channels}"] =
                Make(1, (5, 7, channels), channels, (2, 3), (1, 1), (1, 1), (1, 1, 0, 1));
            shapes[$"pointwise {channels}"] =
                Make(3, (3, 4, channels), 97 - channels, (1, 1), (1, 1), (1, 1), default);
            shapes[$"depthwise {channels}"] = Make(
                3, (9, 8, channels), channels, (3, 3), (1, 1), (1, 1), (1, 1, 1, 1), channels);
            shapes[$"depthwise valid {channels}"] = Make(
                1, (10, 13, channels), channels, (3, 3), (1, 1), (1, 1), default, channels);
            shapes[$"depthwise strided {channels}"] = Make(
                3, (10, 11, channels), channels, (3, 3), (2, 2), (1, 1), (0, 0, 1, 1), channels);
            shapes[$"depthwise 5x5 {channels}"] = Make(
                1, (9, 11, channels), channels, (5, 5), (1, 2), (1, 1), (2, 2, 2, 2), channels);
            shapes[$"depthwise dilated {channels}"] = Make(
                1, (9, 11, channels), channels, (3, 2), (2, 1), (3, 2), (3, 1, 2, 2), channels);
            shapes[$"depthwise doubled {channels}"] = Make(
                3, (7, 6, channels), 2 * channels, (3, 3), (1, 1), (1, 1), (1, 1, 1, 1), channels);
            shapes[$"depthwise tripled strided {channels}"] = Make(
                1, (7, 6, channels), 3 * channels, (3, 4), (2, 2), (1, 1), (1, 1, 1, 1), channels);
        }

        return shapes;
    }
}
