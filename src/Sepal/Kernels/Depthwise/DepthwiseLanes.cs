using Sepal.Kernels.Simd;

namespace Sepal.Kernels.Depthwise;

/// <summary>
/// What the lanes of a depthwise kernel's vectors are. They are channels, as many as a vector holds. Where there are
/// fewer and the stride along rows is one, neighbouring targets read neighbouring floats with weights that repeat,
/// so a whole row of pixels is taken for one pixel with many channels.
/// </summary>
internal readonly record struct DepthwiseLanes
{
    private DepthwiseLanes(bool isRow, int count)
    {
        IsRow = isRow;
        Count = count;
    }

    /// <summary>Whether a row of pixels is taken for one pixel.</summary>
    public bool IsRow { get; }

    /// <summary>Lanes of a pixel: channels, or floats of a row.</summary>
    public int Count { get; }

    public static DepthwiseLanes Choose(in Correlation correlation)
    {
        CorrelationAxis columns = correlation.Columns;
        int channels = correlation.TargetChannels;
        bool isRow = channels < SimdLevel.Width && columns is { SourceStep: 1, TargetStep: 1, TargetCount: > 1 };
        return new DepthwiseLanes(isRow, isRow ? columns.TargetCount * channels : channels);
    }

    /// <summary>Vectors of a width that cover all lanes; the last overlaps the one before it.</summary>
    public int Blocks(int width) => (Count + width - 1) / width;

    /// <summary>The first lane of a block. No width is chosen that exceeds the lanes.</summary>
    public int FirstLane(int block, int width) => Math.Min(block * width, Count - width);
}
