using SkiaSharp;

namespace Sepal.Data;

/// <summary>Pictures as PNG files in memory, and as data URIs for pages that load nothing.</summary>
public static class PngImage
{
    /// <summary>Encodes a picture.</summary>
    /// <param name="pixels">The rows from the top, one after another: a byte a pixel for grey, three (red, green, blue) for colour.</param>
    /// <param name="width">Pixels across.</param>
    /// <param name="height">Pixels down.</param>
    /// <returns>The file's bytes.</returns>
    /// <exception cref="ArgumentException">The bytes are neither one nor three a pixel.</exception>
    public static byte[] Encode(ReadOnlySpan<byte> pixels, int width, int height)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(height, 1);
        long count = (long)width * height;
        bool grey = pixels.Length == count;
        if (!grey && pixels.Length != 3 * count)
        {
            throw new ArgumentException(
                $"{pixels.Length} bytes were given for {width}×{height} pixels; expected {count} for grey or {3 * count} for colour.",
                nameof(pixels));
        }

        var info = new SKImageInfo(
            width, height, grey ? SKColorType.Gray8 : SKColorType.Rgba8888, grey ? SKAlphaType.Opaque : SKAlphaType.Unpremul);
        using var image = SKImage.FromPixelCopy(info, grey ? pixels : WithAlpha(pixels))
            ?? throw new DataException($"A picture of {width}×{height} pixels could not be made. Make it smaller.");
        using SKData data = image.Encode(SKEncodedImageFormat.Png, quality: 100);
        return data.ToArray();
    }

    /// <summary>Encodes a picture as the address of an <c>img</c> element.</summary>
    /// <param name="pixels">As for <see cref="Encode"/>.</param>
    /// <param name="width">Pixels across.</param>
    /// <param name="height">Pixels down.</param>
    /// <returns><c>data:image/png;base64,…</c>.</returns>
    public static string DataUri(ReadOnlySpan<byte> pixels, int width, int height) =>
        "data:image/png;base64," + Convert.ToBase64String(Encode(pixels, width, height));

    /// <summary>Skia has no packed 24-bit format.</summary>
    private static byte[] WithAlpha(ReadOnlySpan<byte> pixels)
    {
        byte[] result = new byte[pixels.Length / 3 * 4];
        for (int pixel = 0; pixel < pixels.Length / 3; pixel++)
        {
            pixels.Slice(3 * pixel, 3).CopyTo(result.AsSpan(4 * pixel));
            result[(4 * pixel) + 3] = byte.MaxValue;
        }

        return result;
    }
}
