namespace Sepal.Kernels.Rows;

/// <summary>
/// How a convolution's work is divided into parts: images × strips of rows × groups of channel blocks. Threads get the same fraction of
/// the rows, or of the channels, of every convolution, so that each finds in its core's cache what it wrote before.
/// </summary>
internal readonly record struct RowParts
{
    /// <summary>Multiply-adds worth handing to a thread: some two microseconds.</summary>
    private const long SmallestPart = 1 << 17;

    /// <summary>Multiply-adds from which on a thread's share is divided, so that threads that are held up can be helped.</summary>
    private const long LargePart = 1 << 20;

    /// <summary>Parts a thread at most.</summary>
    private const int MostPartsOfThread = 4;

    /// <summary>Pixels of a strip at least, to use a panel of weights often enough once it is in the nearest cache.</summary>
    private const int FewestPixels = 48;

    /// <summary>How much longer a depthwise multiply-add takes than one of a matrix product.</summary>
    private const int DepthwiseWeight = 4;

    /// <summary>How many pixels a weight must serve to take no longer to fetch than to use.</summary>
    private const int PixelsOfWeight = 8;

    /// <summary>Rows that a depthwise convolution computes together.</summary>
    private const int FewestDepthwiseRows = 2;

    private int Strips { get; init; }

    private int Rows { get; init; }

    private int BlockGroups { get; init; }

    private int Blocks { get; init; }

    /// <summary>How many parts.</summary>
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

    /// <summary>Among how many threads the channels of a convolution are shared: all, where there are too few pixels to share.</summary>
    public static int ChannelShares(in ConvolutionGeometry geometry, int threads) =>
        geometry.Batch == 1 && geometry.OutputHeight * geometry.OutputWidth < FewestPixels * threads ? threads : 1;

    /// <summary>Divides a convolution.</summary>
    /// <param name="kernel">The convolution.</param>
    /// <param name="divideBlocks">Whether channels may be divided.</param>
    /// <param name="threads">Threads that will compute it.</param>
    public static RowParts Divide(ConvolutionRows kernel, bool divideBlocks, int threads)
    {
        ConvolutionGeometry geometry = kernel.Geometry;
        bool isDepthwise = kernel is DepthwiseStage;
        long pixels = (long)geometry.OutputHeight * geometry.OutputWidth;
        long work = (isDepthwise ? pixels * DepthwiseWeight : Math.Max(pixels, PixelsOfWeight)) * geometry.KernelLength;
        int wanted = work < 2 * SmallestPart ? 1 : threads * (int)Math.Clamp(work / (threads * LargePart), 1, MostPartsOfThread);
        if (divideBlocks && kernel.Blocks > 1 && ChannelShares(geometry, threads) > 1)
        {
            int groups = Math.Min(kernel.Blocks >= 2 * threads ? wanted : Math.Min(wanted, threads), kernel.Blocks);
            return Create(kernel, 1, groups);
        }

        int fewestRows = Math.Max(FewestPixels / Math.Max(geometry.OutputWidth, 1), isDepthwise ? FewestDepthwiseRows : 1);
        return Create(kernel, Math.Clamp(wanted, 1, Math.Max(geometry.OutputHeight / fewestRows, 1)), 1);
    }

    private static RowParts Create(ConvolutionRows kernel, int strips, int groups) => new()
    {
        Strips = strips,
        Rows = kernel.Geometry.OutputHeight,
        BlockGroups = groups,
        Blocks = kernel.Blocks,
        Count = kernel.Geometry.Batch * strips * groups,
    };

    private static int Share(int items, int parts, int part) => (int)((long)items * part / parts);

    /// <summary>One part's share.</summary>
    public readonly record struct Part(int Image, int FirstRow, int EndRow, int FirstBlock, int EndBlock);
}
