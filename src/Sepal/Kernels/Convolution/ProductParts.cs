namespace Sepal.Kernels.Convolution;

/// <summary>
/// How the work of a correlation is divided into parts: images (several where they are small) × strips of target rows
/// × panels of target channels (where there are too few rows to share). It follows from the shape alone.
/// </summary>
internal readonly record struct ProductParts
{
    /// <summary>Multiply-adds worth handing to a thread: some ten microseconds.</summary>
    private const long SmallestPart = 1 << 19;

    /// <summary>Multiply-adds that take as long as writing their sum to a far cache.</summary>
    private const long SumWork = 16;

    /// <summary>Floats of source that a strip may read, so that it stays in the nearer half of a 1 MiB cache.</summary>
    private const long LargestStrip = 1 << 16;

    /// <summary>
    /// Pixels of a strip at least, to use a panel of weights often enough once it is in the cache: a multiple of every
    /// tile's rows.
    /// </summary>
    private const int StripPixels = 120;

    /// <summary>Strips up to which an uneven number of them leaves one of two threads without work for long.</summary>
    private const int FewStrips = 16;

    /// <summary>Rows of the tile that most panels take.</summary>
    private const int TileRows = 5;

    /// <summary>Parts below which the panels are divided too.</summary>
    private const int FewParts = 8;

    private int Batch { get; init; }

    private int TargetRows { get; init; }

    private int Panels { get; init; }

    private int ImagesPerPart { get; init; }

    private int PanelsPerPart { get; init; }

    private int Strips { get; init; }

    private int PanelGroups { get; init; }

    /// <summary>Target rows of each strip but the last, which may have fewer.</summary>
    public int StripRows { get; private init; }

    public int Count { get; private init; }

    public Part this[int part]
    {
        get
        {
            (int rest, int panelGroup) = Math.DivRem(part, PanelGroups);
            (int imageGroup, int strip) = Math.DivRem(rest, Strips);
            int firstRow = strip * StripRows;
            return new Part
            {
                FirstImage = imageGroup * ImagesPerPart,
                EndImage = Math.Min(Batch, (imageGroup + 1) * ImagesPerPart),
                FirstRow = firstRow,
                Rows = Math.Min(StripRows, TargetRows - firstRow),
                FirstPanel = panelGroup * PanelsPerPart,
                EndPanel = Math.Min(Panels, (panelGroup + 1) * PanelsPerPart),
            };
        }
    }

    /// <summary>
    /// The first target pixel of every part, where rows have so many pixels, and after the last the number of all; null where parts
    /// divide the channels too.
    /// </summary>
    public long[]? TargetPixels(int columns)
    {
        if (PanelGroups > 1)
        {
            return null;
        }

        long[] starts = new long[Count + 1];
        for (int part = 0; part < Count; part++)
        {
            Part work = this[part];
            starts[part] = (((long)work.FirstImage * TargetRows) + work.FirstRow) * columns;
        }

        starts[Count] = (long)Batch * TargetRows * columns;
        return starts;
    }

    /// <param name="correlation">The work.</param>
    /// <param name="window">What a strip of it reads.</param>
    /// <param name="batch">Images.</param>
    /// <param name="panels">Panels of target channels in each group.</param>
    /// <param name="innerLength">Terms of each target element.</param>
    public static ProductParts Divide(
        in Correlation correlation, SourceWindow window, int batch, int panels, long innerLength)
    {
        int rows = correlation.Rows.TargetCount;
        long rowWork = Math.Max(1, correlation.Columns.TargetCount * Math.Max(innerLength, SumWork) * correlation.TargetChannels);
        int columns = correlation.Columns.TargetCount;
        int fewestRows = (StripPixels + columns - 1) / columns;
        int stripRows = (int)Math.Clamp(SmallestPart * 2 / rowWork, Math.Min(fewestRows, rows), rows);
        while (stripRows > fewestRows && window.ReadLength(stripRows) > LargestStrip)
        {
            stripRows = Math.Max(fewestRows, (stripRows + 1) / 2);
        }

        int strips = (rows + stripRows - 1) / stripRows;
        stripRows = (rows + strips - 1) / strips;
        if (columns == 1 && strips > 1)
        {
            stripRows = strips > FewStrips
                ? (stripRows + StripPixels - 1) / StripPixels * StripPixels
                : EvenStrips(rows, strips);
        }

        strips = (rows + stripRows - 1) / stripRows;

        int imagesPerPart = strips == 1
            ? (int)Math.Clamp(SmallestPart / (rowWork * rows), 1, batch)
            : 1;
        int imageGroups = (batch + imagesPerPart - 1) / imagesPerPart;

        int wanted = Math.Clamp(FewParts / (imageGroups * strips), 1, panels);
        wanted = (int)Math.Clamp(rowWork * stripRows / SmallestPart, 1, wanted);
        int panelsPerPart = (panels + wanted - 1) / wanted;
        int panelGroups = (panels + panelsPerPart - 1) / panelsPerPart;
        return new ProductParts
        {
            Batch = batch,
            TargetRows = rows,
            Panels = panels,
            ImagesPerPart = imagesPerPart,
            PanelsPerPart = panelsPerPart,
            Strips = strips,
            PanelGroups = panelGroups,
            StripRows = stripRows,
            Count = imageGroups * strips * panelGroups,
        };
    }

    private static int EvenStrips(int rows, int strips)
    {
        int even = (strips + 1) / 2 * 2;
        return (((rows + even - 1) / even) + TileRows - 1) / TileRows * TileRows;
    }

    /// <summary>One part's share.</summary>
    public readonly record struct Part
    {
        public int FirstImage { get; init; }

        public int EndImage { get; init; }

        public int FirstRow { get; init; }

        public int Rows { get; init; }

        public int FirstPanel { get; init; }

        public int EndPanel { get; init; }
    }
}
