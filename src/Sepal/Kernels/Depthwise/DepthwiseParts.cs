namespace Sepal.Kernels.Depthwise;

/// <summary>
/// How the work of a depthwise correlation is divided into parts: several images, or strips of an image's target rows. It
/// follows from the shape alone.
/// </summary>
internal readonly record struct DepthwiseParts
{
    /// <summary>Multiply-adds worth handing to a thread: some ten microseconds for a kernel bound by its loads.</summary>
    private const long SmallestPart = 1 << 18;

    /// <summary>Pixels of a strip at most, so that one vector of each stays in the nearest cache.</summary>
    private const int LargestStrip = 512;

    private int Batch { get; init; }

    private int TargetRows { get; init; }

    private int ImagesPerPart { get; init; }

    private int Strips { get; init; }

    /// <summary>Whether a part is one image or several, whose strips it computes one after the other.</summary>
    public bool AreWholeImages { get; private init; }

    /// <summary>Target rows of each strip but the last, which may have fewer.</summary>
    public int StripRows { get; private init; }

    public int Count { get; private init; }

    public Part this[int part]
    {
        get
        {
            (int imageGroup, int strip) = Math.DivRem(part, AreWholeImages ? 1 : Strips);
            int firstRow = strip * StripRows;
            return new Part
            {
                FirstImage = imageGroup * ImagesPerPart,
                EndImage = Math.Min(Batch, (imageGroup + 1) * ImagesPerPart),
                FirstRow = firstRow,
                Rows = AreWholeImages ? TargetRows : Math.Min(StripRows, TargetRows - firstRow),
            };
        }
    }

    /// <summary>The first target pixel of every part, where rows have so many pixels, and after the last the number of all.</summary>
    public long[] TargetPixels(int columns)
    {
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
    /// <param name="batch">Images.</param>
    /// <param name="areWholeImages">Whether no image is shared by parts.</param>
    public static DepthwiseParts Divide(in Correlation correlation, int batch, bool areWholeImages = false)
    {
        int rows = correlation.Rows.TargetCount;
        int columns = correlation.Columns.TargetCount;
        long rowWork = Math.Max(1, (long)columns * correlation.TapCount * correlation.TargetChannels);
        int stripRows = Math.Clamp(LargestStrip / columns, 1, rows);
        stripRows = (int)Math.Clamp(SmallestPart / rowWork, stripRows, rows);
        int strips = (rows + stripRows - 1) / stripRows;
        stripRows = (rows + strips - 1) / strips;
        strips = (rows + stripRows - 1) / stripRows;
        int imagesPerPart = strips > 1 ? 1 : (int)Math.Clamp(SmallestPart / (rowWork * rows), 1, batch);
        return new DepthwiseParts
        {
            Batch = batch,
            TargetRows = rows,
            ImagesPerPart = imagesPerPart,
            Strips = strips,
            StripRows = stripRows,
            AreWholeImages = areWholeImages,
            Count = (batch + imagesPerPart - 1) / imagesPerPart * (areWholeImages ? 1 : strips),
        };
    }

    /// <summary>One part's share.</summary>
    public readonly record struct Part
    {
        public int FirstImage { get; init; }

        public int EndImage { get; init; }

        public int FirstRow { get; init; }

        public int Rows { get; init; }
    }
}
