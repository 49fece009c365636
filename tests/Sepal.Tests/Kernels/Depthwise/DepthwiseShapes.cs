using Sepal.Kernels;

namespace Sepal.Tests.Kernels.Depthwise;

/// <summary>The shapes that depthwise convolutions by rows are tested on.</summary>
internal static class DepthwiseShapes
{
    private static readonly int[] Channels = [1, 2, 3, 4, 7, 8, 15, 16, 17, 31, 32, 33, 64, 96];

    /// <summary>Each with its name.</summary>
    public static Dictionary<string, ConvolutionGeometry> All { get; } = Build();

    /// <summary>A random geometry: every property varies, small enough to be checked quickly.</summary>
    public static ConvolutionGeometry Random(int seed)
    {
        Random random = new(seed);
        while (true)
        {
            int channels = random.Next(1, random.Next(2) == 0 ? 20 : 70);
            int largest = random.Next(2) == 0 ? 4 : 12;
            int multiplier = random.Next(3) == 0 ? random.Next(2, 10) : 1;
            int groupInputs = random.Next(3) == 0 ? random.Next(2, 10) : 1;
            ConvolutionGeometry geometry = ConvolutionShapes.Make(
                1, (random.Next(1, 18), random.Next(1, 18), channels * groupInputs), channels * multiplier,
                (random.Next(1, largest), random.Next(1, largest)), (random.Next(1, 4), random.Next(1, 4)),
                (random.Next(1, 4), random.Next(1, 4)),
                (random.Next(0, 5), random.Next(0, 5), random.Next(0, 5), random.Next(0, 5)), channels);
            if (geometry.OutputHeight > 0 && geometry.OutputWidth > 0)
            {
                return geometry;
            }
        }
    }

    private static ConvolutionGeometry Make(
        (int H, int W) input, int channels, (int H, int W) kernel, (int H, int W) stride, (int H, int W) dilation,
        (int Top, int Left, int Bottom, int Right) padding, int multiplier = 1) =>
        ConvolutionShapes.Make(
            1, (input.H, input.W, channels), channels * multiplier, kernel, stride, dilation, padding, channels);

    private static Dictionary<string, ConvolutionGeometry> Build()
    {
        Dictionary<string, ConvolutionGeometry> shapes = new()
        {
            ["one row"] = Make((1, 20), 16, (3, 3), (1, 1), (1, 1), (1, 1, 1, 1)),
            ["one column"] = Make((20, 1), 16, (3, 3), (1, 1), (1, 1), (1, 1, 1, 1)),
            ["one pixel"] = Make((1, 1), 40, (5, 5), (1, 1), (1, 1), (2, 2, 2, 2)),
            ["all padding"] = Make((3, 2), 20, (2, 3), (1, 1), (1, 1), (4, 5, 5, 4)),
            ["unread rows"] = Make((9, 9), 20, (2, 2), (4, 4), (1, 1), default),
            ["eleven by eleven"] = Make((14, 13), 24, (11, 11), (1, 1), (1, 1), (5, 5, 5, 5)),
            ["along rows"] = Make((1, 40), 18, (1, 9), (1, 1), (1, 2), (0, 8, 0, 8)),
            ["along columns"] = Make((40, 1), 18, (9, 1), (2, 1), (1, 1), (4, 0, 4, 0)),
            ["one by one"] = Make((5, 6), 18, (1, 1), (1, 1), (1, 1), default),
            ["wide channels"] = Make((7, 7), 1024, (3, 3), (1, 1), (1, 1), (1, 1, 1, 1)),
            ["grouped"] = ConvolutionShapes.Make(
                1, (9, 10, 32), 32, (3, 3), (1, 1), (1, 1), (1, 1, 1, 1), groups: 8),
            ["grouped strided"] = ConvolutionShapes.Make(
                1, (9, 10, 27), 18, (3, 2), (2, 2), (1, 2), (1, 1, 2, 1), groups: 3),
            ["grouped to one output each"] = ConvolutionShapes.Make(
                1, (6, 7, 45), 5, (3, 3), (1, 1), (1, 1), (1, 1, 1, 1), groups: 5),
            ["shuffled channels"] = Make((14, 14), 116, (3, 3), (2, 2), (1, 1), (1, 1, 1, 1)),
        };
        foreach (int channels in Channels)
        {
            shapes[$"3x3 {channels}"] = Make((9, 8), channels, (3, 3), (1, 1), (1, 1), (1, 1, 1, 1));
            shapes[$"1x1 {channels}"] = Make((9, 8), channels, (1, 1), (1, 1), (1, 1), default);
            shapes[$"1x1 strided {channels}"] = Make((9, 40), channels, (1, 1), (2, 2), (1, 1), default);
            shapes[$"1x1 tripled {channels}"] = Make((9, 8), channels, (1, 1), (1, 1), (1, 1), default, 3);
            shapes[$"3x3 valid {channels}"] = Make((10, 13), channels, (3, 3), (1, 1), (1, 1), default);
            shapes[$"3x3 wide {channels}"] = Make((7, 41), channels, (3, 3), (1, 1), (1, 1), (1, 1, 1, 1));
            shapes[$"3x3 strided {channels}"] = Make((10, 11), channels, (3, 3), (2, 2), (1, 1), (0, 0, 1, 1));
            shapes[$"3x3 strided wide {channels}"] = Make((9, 40), channels, (3, 3), (2, 2), (1, 1), (1, 1, 1, 1));
            shapes[$"3x3 dilated {channels}"] = Make((12, 13), channels, (3, 3), (1, 1), (2, 2), (2, 2, 2, 2));
            shapes[$"5x5 {channels}"] = Make((9, 13), channels, (5, 5), (1, 1), (1, 1), (2, 2, 2, 2));
            shapes[$"5x5 wide {channels}"] = Make((8, 39), channels, (5, 5), (1, 1), (1, 1), (2, 2, 2, 2));
            shapes[$"5x5 strided {channels}"] = Make((11, 40), channels, (5, 5), (2, 2), (1, 1), (2, 2, 2, 2));
            shapes[$"5x5 half strided {channels}"] = Make((9, 11), channels, (5, 5), (1, 2), (1, 1), (2, 2, 2, 2));
            shapes[$"7x7 {channels}"] = Make((9, 23), channels, (7, 7), (1, 1), (1, 1), (3, 3, 3, 3));
            shapes[$"uneven {channels}"] = Make((9, 11), channels, (3, 2), (2, 1), (3, 2), (3, 1, 2, 2));
            shapes[$"doubled {channels}"] = Make((7, 6), channels, (3, 3), (1, 1), (1, 1), (1, 1, 1, 1), 2);
            shapes[$"doubled wide {channels}"] = Make((5, 30), channels, (3, 3), (2, 2), (1, 1), (1, 1, 1, 1), 2);
            shapes[$"tripled strided {channels}"] = Make((7, 6), channels, (3, 4), (2, 2), (1, 1), (1, 1, 1, 1), 3);
            shapes[$"nine filters {channels}"] = Make((6, 9), channels, (3, 3), (1, 1), (1, 1), (1, 1, 1, 1), 9);
        }

        return shapes;
    }
}
