namespace Sepal.Kernels;

/// <summary>
/// How the gradient by kernel is divided into parts: shards of the batch, each a run of image strips, × blocks of the
/// kernel's rows. It follows from the shape alone. Blocks cost nothing to put together, shards a pass over the kernel;
/// a kernel with many weights gets blocks, one with few gets shards.
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

    private int Units { get; init; }

    private int Weights { get; init; }

    private int Blocks { get; init; }

    private int BlockWeights { get; init; }

    public int Shards { get; private init; }

    public int Parts => Shards * Blocks;

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
            (int shard, int block) = Math.DivRem(part, Blocks);
            return new Part
            {
                Shard = shard,
                FirstUnit = (int)((long)Units * shard / Shards),
                EndUnit = (int)((long)Units * (shard + 1) / Shards),
                FirstWeight = block * BlockWeights,
                EndWeight = Math.Min(Weights, (block + 1) * BlockWeights),
            };
        }
    }

    /// <param name="geometry">The convolution.</param>
    /// <param name="stripRows">Output rows of a strip.</param>
    /// <param name="weights">Rows of the kernel that may be divided into blocks.</param>
    public static ShardPlan Divide(in ConvolutionGeometry geometry, int stripRows, int weights)
    {
        int strips = (geometry.OutputHeight + stripRows - 1) / stripRows;
        int units = geometry.Batch * strips;
        long pixels = (long)geometry.Batch * geometry.OutputHeight * geometry.OutputWidth;
        long pixelWork = Math.Max(geometry.KernelLength, FloatWork * (geometry.InputChannels + geometry.OutputChannels));
        int wanted = (int)Math.Clamp(pixels * pixelWork / SmallestPart, 1, MostParts);
        int shards = (int)Math.Min(Math.Clamp(pixels / SmallestShard, 1, wanted), units);
        int blocks = Math.Clamp(wanted / shards, 1, Math.Max(1, weights / SmallestBlock));
        int blockWeights = (weights + blocks - 1) / blocks;
        return new ShardPlan
        {
            Units = units,
            Weights = weights,
            Shards = shards,
            BlockWeights = blockWeights,
            Blocks = (weights + blockWeights - 1) / blockWeights,
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
    }
}
