namespace Sepal.Execution;

/// <summary>
/// Splits a row of items into parts, by the number of items alone. Parts begin at multiples of a grain, so that vectors and
/// cache lines are not split.
/// </summary>
/// <param name="Items">How many items there are.</param>
/// <param name="PartSize">How many a part has; the last may have fewer.</param>
internal readonly record struct Partition(long Items, long PartSize)
{
    // About 10 µs of work on floats that come from L2: below this, handing out parts costs more than it brings.
    private const long ElementsPerPart = 16 * 1024;

    public int Parts => (int)Math.Max((Items + PartSize - 1) / PartSize, 1);

    /// <summary>Splits elements that each cost about one operation.</summary>
    public static Partition OfElements(long elements) => Of(elements, ElementsPerPart, 16);

    /// <summary>Splits rows of so many elements each, whole rows a part.</summary>
    public static Partition OfRows(long rows, long elementsPerRow) =>
        Of(rows, Math.Max(ElementsPerPart / Math.Max(elementsPerRow, 1), 1), 1);

    /// <summary>Splits channels that each cost so many operations, whole cache lines a part.</summary>
    public static Partition OfChannels(long channels, long operationsPerChannel) =>
        Of(channels, Math.Max(ElementsPerPart / Math.Max(operationsPerChannel, 1), 1), 16);

    /// <summary>Splits items into parts of about a size, at most 256 of them.</summary>
    public static Partition Of(long items, long partSize, long grain)
    {
        long size = Math.Max(partSize, (items + 255) / 256);
        return new Partition(items, Math.Max((size + grain - 1) / grain * grain, 1));
    }

    /// <summary>The items of one part, from the first to just before the last.</summary>
    public (long From, long To) Range(int part) => (part * PartSize, Math.Min((part + 1) * PartSize, Items));
}
