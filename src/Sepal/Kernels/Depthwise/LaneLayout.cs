using Sepal.Kernels.Simd;

namespace Sepal.Kernels.Depthwise;

/// <summary>How the lanes of a vector read.</summary>
internal enum LaneReads
{
    /// <summary>From more vectors than any kernel picks from.</summary>
    TooMany,

    /// <summary>Neighbouring floats.</summary>
    Neighbours,

    /// <summary>Under every tap within one vector.</summary>
    WithinOne,

    /// <summary>Under every tap within two vectors.</summary>
    WithinTwo,

    /// <summary>Under every tap within four vectors.</summary>
    WithinFour,

    /// <summary>All inputs of their groups within one vector.</summary>
    GroupsWithinOne,

    /// <summary>All inputs of their groups within two vectors.</summary>
    GroupsWithinTwo,
}

/// <summary>
/// Which lanes a group of neighbouring pixels has and what they read. Lanes are output channels; where those do not fill a vector, those
/// of several neighbouring pixels are taken for the channels of one, as many as cost the least.
/// </summary>
internal readonly struct LaneLayout
{
    /// <summary>Groups of pixels that are computed together.</summary>
    private const int TilePixels = 8;

    /// <summary>Vectors that the lanes of one may read from, at most.</summary>
    private const int MostVectors = 4;

    private readonly ConvolutionGeometry _geometry;
    private readonly int _width;

    private LaneLayout(in ConvolutionGeometry geometry, int width, int pixels)
    {
        _geometry = geometry;
        _width = width;
        Pixels = pixels;
    }

    /// <summary>Pixels of a group.</summary>
    public int Pixels { get; }

    /// <summary>Lanes of a group.</summary>
    public int Lanes => Pixels * _geometry.OutputChannels;

    /// <summary>Vectors of a group; the last overlaps the one before it.</summary>
    public int Blocks => (Lanes + _width - 1) / _width;

    /// <summary>Groups of a row; the last overlaps the one before it.</summary>
    public int Groups => (_geometry.OutputWidth + Pixels - 1) / Pixels;

    /// <summary>Whether every output reads one pixel, which always exists, so that no padding is needed.</summary>
    public static bool IsInPlace(in ConvolutionGeometry geometry)
    {
        Correlation correlation = Correlation.Forward(geometry);
        return geometry.KernelArea == 1 && correlation.Rows.IsInside && correlation.Columns.IsInside;
    }

    /// <summary>
    /// Whether columns are sorted by their remainder by the stride, so that neighbouring lanes read neighbours. Where several
    /// outputs read one input, lanes are picked anyway, and the inputs of a group lie apart.
    /// </summary>
    public static bool IsSorted(in ConvolutionGeometry geometry, int width) =>
        geometry is { GroupInputChannels: 1, GroupOutputChannels: 1, StrideWidth: > 1 and < MostVectors }
        && geometry.InputChannels <= width && !IsInPlace(geometry);

    /// <summary>The widest vector that a geometry fills and whose lanes read from few enough vectors.</summary>
    public static int VectorWidth(in ConvolutionGeometry geometry)
    {
        for (int width = SimdLevel.Width; width > 1; width /= 2)
        {
            if (geometry.OutputWidth * geometry.OutputChannels >= width)
            {
                LaneLayout layout = Create(geometry, width);
                if (Enumerable.Range(0, layout.Blocks).All(block => layout.Reads(block) != LaneReads.TooMany))
                {
                    return width;
                }
            }
        }

        return 1;
    }

    public static LaneLayout Create(in ConvolutionGeometry geometry, int width)
    {
        LaneLayout best = default;
        long least = long.MaxValue;
        int smallest = (width + geometry.OutputChannels - 1) / geometry.OutputChannels;
        for (int pixels = smallest; pixels <= Math.Min(smallest * width, geometry.OutputWidth); pixels++)
        {
            LaneLayout layout = new(geometry, width, pixels);
            long cost = layout.Cost;
            if (cost < least)
            {
                least = cost;
                best = layout;
            }
        }

        return best;
    }

    public int FirstLane(int block) => Math.Min(block * _width, Lanes - _width);

    /// <summary>What a lane reads under the first tap, from what the group's first lane does.</summary>
    public int Position(int lane)
    {
        (int pixel, int channel) = Math.DivRem(lane, _geometry.OutputChannels);
        return (pixel * (IsSorted(_geometry, _width) ? 1 : _geometry.StrideWidth) * _geometry.InputChannels)
            + (channel / _geometry.GroupOutputChannels * _geometry.GroupInputChannels);
    }

    /// <summary>What a lane of a block reads, from what the block's first lane does.</summary>
    public int Index(int block, int lane) => Position(FirstLane(block) + lane) - Position(FirstLane(block));

    /// <summary>How the lanes of a block read.</summary>
    public LaneReads Reads(int block)
    {
        int last = Index(block, _width - 1);
        int inputs = _geometry.GroupInputChannels;
        if (last == _width - 1 && AreNeighbours(block))
        {
            return LaneReads.Neighbours;
        }

        if (inputs > 1 && last + inputs <= 2 * _width)
        {
            return last + inputs <= _width ? LaneReads.GroupsWithinOne : LaneReads.GroupsWithinTwo;
        }

        return ((last + _width) / _width) switch
        {
            1 => LaneReads.WithinOne,
            2 => LaneReads.WithinTwo,
            <= MostVectors => LaneReads.WithinFour,
            _ => LaneReads.TooMany,
        };
    }

    /// <summary>What an image costs, in about quarters of a cycle: whole tiles, with a store each, and a call for every vector.</summary>
    private long Cost
    {
        get
        {
            LaneLayout layout = this;
            long taps = (long)_geometry.KernelArea * _geometry.GroupInputChannels;
            long pixels = ((long)_geometry.OutputHeight * Groups + TilePixels - 1) / TilePixels * TilePixels;
            return Enumerable.Range(0, Blocks).Sum(block => (pixels * ((taps * MultiplyAddCost(layout.Reads(block))) + 8)) + 320);
        }
    }

    /// <summary>What a multiply-add of a vector costs.</summary>
    private static long MultiplyAddCost(LaneReads reads) => reads switch
    {
        LaneReads.Neighbours or LaneReads.GroupsWithinOne => 4,
        LaneReads.WithinOne or LaneReads.GroupsWithinTwo => 5,
        LaneReads.WithinTwo => 8,
        LaneReads.WithinFour => 20,
        _ => 1 << 20,
    };

    private bool AreNeighbours(int block)
    {
        for (int lane = 0; lane < _width; lane++)
        {
            if (Index(block, lane) != lane)
            {
                return false;
            }
        }

        return true;
    }
}
