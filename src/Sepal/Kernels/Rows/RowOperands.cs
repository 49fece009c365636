namespace Sepal.Kernels.Rows;

/// <summary>
/// What one call works on: some target rows of one image. Addresses are those of the images' first rows, which need not exist:
/// only the rows that the call reads and writes have to be in memory, so that a caller may keep a few rows of an image in a
/// small buffer.
/// </summary>
internal unsafe struct RowOperands
{
    public float* Source;

    public float* Packed;

    public float* Target;

    /// <summary>A tensor laid out as the target, to add to the result before bounds and functions apply; or null.</summary>
    public float* Addend;

    /// <summary>A factor for every source channel, or null.</summary>
    public float* Scale;

    public float* Scratch;

    /// <summary>The first target row to compute.</summary>
    public int From;

    /// <summary>One past the last target row to compute.</summary>
    public int To;

    /// <summary>The first block of target channels to compute.</summary>
    public int FirstBlock;

    /// <summary>One past the last block of target channels to compute.</summary>
    public int EndBlock;
}
