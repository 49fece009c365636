using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;

namespace Sepal.Kernels.MatrixProducts;

/// <summary>
/// Memory that the next strip of a product will read or write, fetched into the second-level cache while the tiles of this one
/// compute. The processor's own prefetching follows a tile's short rows only after it has waited for their first lines. The default is no memory.
/// </summary>
/// <remarks>
/// A prefetch of memory that is not there does nothing, so the last strip need not know that none follows it. Where the
/// instruction set has no prefetch that .NET can name, nothing is fetched.
/// </remarks>
internal readonly unsafe struct UpcomingRows
{
    /// <summary>Floats of all that a product reads and writes below which a second-level cache holds them anyway.</summary>
    public const long FarFloats = 1 << 19;

    /// <summary>Floats of a cache line.</summary>
    private const int Line = 16;

    private readonly float* _start;
    private readonly nint _pitch;
    private readonly int _width;
    private readonly int _rows;

    /// <param name="start">The first row.</param>
    /// <param name="pitch">Floats from one row to the next.</param>
    /// <param name="width">Floats of each row.</param>
    /// <param name="rows">How many rows.</param>
    public UpcomingRows(float* start, nint pitch, int width, int rows)
    {
        _start = start;
        _pitch = pitch;
        _width = width;
        _rows = rows;
    }

    public bool IsEmpty => _rows == 0;

    /// <summary>Rows that follow one another without a gap.</summary>
    public static UpcomingRows OfRun(float* start, long length) => new(start, Line, Line, (int)((length + Line - 1) / Line));

    /// <summary>The rows of one share of several.</summary>
    public UpcomingRows Share(int share, int shares)
    {
        int first = (int)((long)_rows * share / shares);
        int end = (int)((long)_rows * (share + 1) / shares);
        return new UpcomingRows(_start + (first * _pitch), _pitch, _width, end - first);
    }

    /// <summary>Begins to fetch one share of several. Inlined, as the tiles that call it must not call anything.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Fetch(int share, int shares)
    {
        if (!Sse.IsSupported || _rows == 0)
        {
            return;
        }

        int end = First(share + 1, shares);
        for (int row = First(share, shares); row < end; row++)
        {
            float* line = _start + (row * _pitch);
            for (float* stop = line + _width; line < stop; line += Line)
            {
                Sse.Prefetch1(line);
            }
        }
    }

    // A tile's rows are some hundreds at most, and so are a product's runs.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private int First(int share, int shares) => (int)((uint)(_rows * share) / (uint)shares);
}
