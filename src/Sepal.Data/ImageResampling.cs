using System.Numerics;
using System.Numerics.Tensors;

namespace Sepal.Data;

/// <summary>
/// Resizes by linear interpolation, over an area in proportion where the picture gets smaller, as Pillow and torchvision
/// (<c>antialias=True</c>) do. In floats from end to end: no rounding to bytes in between.
/// </summary>
internal static class ImageResampling
{
    /// <summary>Resizes rows of pixels.</summary>
    /// <param name="pixels">The rows from the top, channels together.</param>
    /// <param name="width">Pixels across.</param>
    /// <param name="height">Pixels down.</param>
    /// <param name="channels">Bytes a pixel.</param>
    /// <param name="newWidth">Pixels across in the result.</param>
    /// <param name="newHeight">Pixels down in the result.</param>
    /// <returns>The new rows, numbers of 0 to 255.</returns>
    public static float[] Resize(ReadOnlySpan<byte> pixels, int width, int height, int channels, int newWidth, int newHeight)
    {
        // Across, then down: each is one sum over neighbours.
        if (width != newWidth)
        {
            float[] across = Apply(pixels, height, width, channels, newWidth);
            return height == newHeight ? across : Apply<float>(across, 1, height, newWidth * channels, newHeight);
        }

        if (height != newHeight)
        {
            return Apply(pixels, 1, height, newWidth * channels, newHeight);
        }

        var same = new float[pixels.Length];
        TensorPrimitives.ConvertChecked(pixels, same);
        return same;
    }

    /// <summary>Resizes the middle one of three axes.</summary>
    private static float[] Apply<T>(ReadOnlySpan<T> source, int outer, int extent, int inner, int newExtent)
        where T : unmanaged, INumber<T>
    {
        var result = new float[checked(outer * newExtent * inner)];
        for (int target = 0; target < newExtent; target++)
        {
            (int first, double[] weights) = Weights(target, extent, newExtent);
            for (int block = 0; block < outer; block++)
            {
                Span<float> destination = result.AsSpan(((block * newExtent) + target) * inner, inner);
                for (int index = 0; index < inner; index++)
                {
                    double sum = 0;
                    for (int tap = 0; tap < weights.Length; tap++)
                    {
                        sum += weights[tap] * float.CreateTruncating(source[(((block * extent) + first + tap) * inner) + index]);
                    }

                    destination[index] = (float)sum;
                }
            }
        }

        return result;
    }

    /// <summary>The pixels that a new pixel is a mean of: a triangle around its centre, as wide as a new pixel to either side.</summary>
    private static (int First, double[] Weights) Weights(int target, int extent, int newExtent)
    {
        double scale = (double)extent / newExtent;
        double support = Math.Max(scale, 1);
        double centre = (target + 0.5) * scale;
        int first = Math.Max(0, (int)(centre - support + 0.5));
        int end = Math.Min(extent, (int)(centre + support + 0.5));
        var weights = new double[end - first];
        for (int tap = 0; tap < weights.Length; tap++)
        {
            weights[tap] = Math.Max(0, 1 - (Math.Abs(first + tap + 0.5 - centre) / support));
        }

        double sum = weights.Sum();
        return (first, [.. weights.Select(weight => weight / sum)]);
    }
}
