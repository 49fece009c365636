namespace Sepal.Data;

/// <summary>A picture as it is to be looked at: upright, opaque, red, green and blue with a byte each.</summary>
public sealed partial class PixelImage
{
    /// <summary>Makes a picture of pixels.</summary>
    /// <param name="width">Pixels across.</param>
    /// <param name="height">Pixels down.</param>
    /// <param name="pixels">The rows from the top, red, green and blue of each pixel together.</param>
    /// <exception cref="ArgumentException">The bytes are not three a pixel.</exception>
    public PixelImage(int width, int height, ReadOnlyMemory<byte> pixels)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(height, 1);
        if (pixels.Length != 3L * width * height)
        {
            throw new ArgumentException(
                $"{pixels.Length} bytes were given for {width}×{height} pixels; expected {3L * width * height}, three a pixel.", nameof(pixels));
        }

        Width = width;
        Height = height;
        Pixels = pixels;
    }

    /// <summary>Makes a picture of grey pixels.</summary>
    /// <param name="width">Pixels across.</param>
    /// <param name="height">Pixels down.</param>
    /// <param name="pixels">The rows from the top, a byte a pixel.</param>
    /// <returns>The picture; red, green and blue are the same.</returns>
    /// <exception cref="ArgumentException">The bytes are not one a pixel.</exception>
    public static PixelImage FromGrey(int width, int height, ReadOnlySpan<byte> pixels)
    {
        byte[] colours = new byte[3 * pixels.Length];
        for (int pixel = 0; pixel < pixels.Length; pixel++)
        {
            colours.AsSpan(3 * pixel, 3).Fill(pixels[pixel]);
        }

        return new PixelImage(width, height, colours);
    }

    /// <summary>Pixels across.</summary>
    public int Width { get; }

    /// <summary>Pixels down.</summary>
    public int Height { get; }

    /// <summary>The rows from the top, red, green and blue of each pixel together.</summary>
    public ReadOnlyMemory<byte> Pixels { get; }
}
