namespace Sepal.Kernels.Rows;

/// <summary>
/// How a convolution's work is divided into parts: images × strips of rows × groups of channel blocks. It follows from the
/// shape alone.
/// </summary>
internal readonly record struct RowParts
{
    /// <summary>Multiply-adds worth handing to a thread: some ten microseconds.</summary>
    private const long SmallestPart = 1 << 20;

    /// <summary>Parts into which an image is divided at most: enough for several threads to end at about the same time.</summary>
    private const int MostParts = 16;

    /// <summary>Pixels of a strip at least, to use a panel of weights often enough once it is in the nearest cache.</summary>
    private const int FewestPixels = 48;

    /// <summary>How much longer a depthwise multiply-add takes than one of a matrix product.</summary>
    private const int DepthwiseWeight = 4;

    /// <summary>Rows that a depthwise convolution computes together.</summary>
    private const int FewestDepthwiseRows = 2;

    private int Strips { get; init; }

    private int Rows { get; init; }

    private int BlockGroups { get; init; }

    private int Blocks { get; init; }

    public int Count { get; private init; }

    public Part this[int part]
    {
        get
        {
            (int rest, int group) = Math.DivRem(part, BlockGroups);
            (int image, int strip) = Math.DivRem(rest, Strips);
            return new Part(
                image,
                Share(Rows, Strips, strip),
                Share(Rows, Strips, strip + 1),
                Share(Blocks, BlockGroups, group),
                Share(Blocks, BlockGroups, group + 1));
        }
    }

    public static RowParts Divide(ConvolutionRows kernel, bool divideBlocks)
    {
        ConvolutionGeometry geometry = kernel.Geometry;
        bool isDepthwise = kernel is DepthwiseStage;
        long work = (long)geometry.OutputHeight * geometry.OutputWidth * geometry.KernelLength * (isDepthwise ? DepthwiseWeight : 1);
        int wanted = (int)Math.Clamp(work / SmallestPart, 1, MostParts);
        int groups = 1;
        int fewestRows = isDepthwise ? FewestDepthwiseRows : Math.Max(FewestPixels / Math.Max(geometry.OutputWidth, 1), 1);
        int mostStrips = Math.Max(geometry.OutputHeight / fewestRows, 1);
        if (divideBlocks && mostStrips < wanted && mostStrips < 8)
        {
            groups = Math.Clamp(wanted, 1, kernel.Blocks);
            mostStrips = groups > 1 ? 1 : mostStrips;
        }

        int strips = Math.Clamp(wanted, 1, mostStrips);
        return new RowParts
        {
            Strips = strips,
            Rows = geometry.OutputHeight,
            BlockGroups = groups,
            Blocks = kernel.Blocks,
            Count = geometry.Batch * strips * groups,
        };
    }

    private static int Share(int items, int parts, int part) => (int)((long)items * part / parts);

    /// <summary>One part's share.</summary>
    public readonly record struct Part(int Image, int FirstRow, int EndRow, int FirstBlock, int EndBlock);
}
