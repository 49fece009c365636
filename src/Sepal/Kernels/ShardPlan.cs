namespace Sepal.Kernels;

/// <summary>
/// How the gradient by kernel is divided into parts: shards of the batch, each a run of image strips, × blocks of the
/// kernel's rows × groups of panels of its columns. It follows from the shape alone. Blocks cost nothing to put together, shards a
/// pass over the kernel; a kernel with many weights gets blocks, one with few gets shards.
/// </summary>
internal readonly record struct ShardPlan
{
    /// <summary>Multiply-adds worth handing to a thread: some ten microseconds.</summary>
    private const long SmallestPart = 1 << 19;

    /// <summary>Multiply-adds that take as long as reading a float from a far cache.</summary>
    private const long FloatWork = 8;

    /// <summary>Parts beyond which nothing is gained.</summary>
    private const int MostParts = 32;

    /// <summary>Pixels whose sums repay the reduction of one shard.</summary>
    private const long SmallestShard = 512;

    /// <summary>Kernel rows of a block: several tiles of any height.</summary>
    private const int SmallestBlock = 48;

    /// <summary>
    /// Kernel rows of a block at most, where there are panels to divide as well. A panel of the gradient is copied once for a block, and the
    /// input is read once for a group of panels, so blocks are neither low nor wide: 3 % less time than with blocks of all columns.
    /// </summary>
    private const int LargestBlock = 256;

    private int Units { get; init; }

    private int Weights { get; init; }

    private int Blocks { get; init; }

    private int BlockWeights { get; init; }

    private int Panels { get; init; }

    private int PanelGroups { get; init; }

    public int Shards { get; private init; }

    public int Parts => Shards * Blocks * PanelGroups;

    /// <summary>Whether every part is a shard, so that it alone reads its pixels.</summary>
    public bool IsByShards => Parts == Shards;

    /// <summary>Strips of an image.</summary>
    public int Strips { get; private init; }

    /// <summary>Output rows of each strip but the last.</summary>
    public int StripRows { get; private init; }

    /// <summary>Output rows of the last strip.</summary>
    public int LastStripRows { get; private init; }

    public Part this[int part]
    {
        get
        {
            (int rest, int panelGroup) = Math.DivRem(part, PanelGroups);
            (int shard, int block) = Math.DivRem(rest, Blocks);
            return new Part
            {
                Shard = shard,
                FirstUnit = (int)((long)Units * shard / Shards),
                EndUnit = (int)((long)Units * (shard + 1) / Shards),
                FirstWeight = block * BlockWeights,
                EndWeight = Math.Min(Weights, (block + 1) * BlockWeights),
                FirstPanel = Panels * panelGroup / PanelGroups,
                EndPanel = Panels * (panelGroup + 1) / PanelGroups,
            };
        }
    }

    /// <param name="geometry">The convolution.</param>
    /// <param name="stripRows">Output rows of a strip.</param>
    /// <param name="weights">Rows of the kernel that may be divided into blocks.</param>
    /// <param name="panels">Panels of the kernel's columns that may be divided into groups.</param>
    public static ShardPlan Divide(in ConvolutionGeometry geometry, int stripRows, int weights, int panels)
    {
        int strips = (geometry.OutputHeight + stripRows - 1) / stripRows;
        int units = geometry.Batch * strips;
        long pixels = (long)geometry.Batch * geometry.OutputHeight * geometry.OutputWidth;
        long pixelWork = Math.Max(geometry.KernelLength, FloatWork * (geometry.InputChannels + geometry.OutputChannels));
        int wanted = (int)Math.Clamp(pixels * pixelWork / SmallestPart, 1, MostParts);
        int shards = (int)Math.Min(Math.Clamp(pixels / SmallestShard, 1, wanted), units);
        int wantedOfShard = wanted / shards;
        int fewestBlocks = Math.Min(wantedOfShard, (weights + LargestBlock - 1) / LargestBlock);
        int panelGroups = Math.Clamp(wantedOfShard / fewestBlocks, 1, panels);
        int blocks = Math.Clamp(wantedOfShard / panelGroups, 1, Math.Max(1, weights / SmallestBlock));
        int blockWeights = (weights + blocks - 1) / blocks;
        return new ShardPlan
        {
            Units = units,
            Weights = weights,
            Shards = shards,
            BlockWeights = blockWeights,
            Blocks = (weights + blockWeights - 1) / blockWeights,
            Panels = panels,
            PanelGroups = panelGroups,
            Strips = strips,
            StripRows = stripRows,
            LastStripRows = geometry.OutputHeight - ((strips - 1) * stripRows),
        };
    }

    /// <summary>One part's share.</summary>
    public readonly record struct Part
    {
        public int Shard { get; init; }

        public int FirstUnit { get; init; }

        public int EndUnit { get; init; }

        public int FirstWeight { get; init; }

        public int EndWeight { get; init; }

        public int FirstPanel { get; init; }

        public int EndPanel { get; init; }
    }
}
