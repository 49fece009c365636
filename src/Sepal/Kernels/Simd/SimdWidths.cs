using System.Numerics;

namespace Sepal.Kernels.Simd;

/// <summary>Which vector width suits a number of channels.</summary>
internal static class SimdWidths
{
    /// <summary>
    /// The widest vector worth using when a kernel walks over channels: three of them in a vector of sixteen would cost a
    /// whole wide vector a pixel.
    /// </summary>
    public static int ForChannels(int channels) => channels switch
    {
        1 => 1,
        < 4 => 4,
        > 16 => 16,
        _ => (int)BitOperations.RoundUpToPowerOf2((uint)channels),
    };
}
