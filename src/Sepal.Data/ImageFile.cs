using SkiaSharp;

namespace Sepal.Data;

/// <summary>
/// Reads pictures: JPEG, PNG, WebP, BMP and GIF (of those that move, the first frame). They are turned upright as their EXIF
/// data say, and laid on white where they are transparent. Colour profiles are ignored, as most training pipelines do.
/// </summary>
public static class ImageFile
{
    /// <summary>The most pixels that are decoded where no other limit is given: 100 megapixels.</summary>
    public const long DefaultMaximumPixels = 100_000_000;

    // Decoded pictures are four bytes a pixel at most, and no format is larger than that for long.
    private const int MaximumBytes = 1 << 29;

    /// <summary>Reads a file.</summary>
    /// <param name="path">Where it is.</param>
    /// <param name="maximumPixels">Pictures that declare more pixels are refused before they are decoded.</param>
    /// <returns>The picture.</returns>
    /// <exception cref="DataException">The file is missing, cannot be read, or is no such picture.</exception>
    public static PixelImage Read(string path, long maximumPixels = DefaultMaximumPixels)
    {
        byte[] bytes = DataFile.Read(path, "a picture (JPEG, PNG, WebP or BMP)", stream =>
        {
            byte[] received = DataFile.ReadUpTo(stream, MaximumBytes);
            return stream.ReadByte() < 0
                ? received
                : throw new DataException($"{path}: the file is larger than {MaximumBytes:N0} bytes. Expected a picture (JPEG, PNG, WebP or BMP).");
        });
        return Read(bytes, path, maximumPixels);
    }

    /// <summary>Reads bytes in memory.</summary>
    /// <param name="bytes">The file's bytes, all of them.</param>
    /// <param name="name">What messages call it.</param>
    /// <param name="maximumPixels">More declared pixels than this are refused before they are decoded.</param>
    /// <returns>The picture.</returns>
    /// <exception cref="DataException">The bytes are no such picture.</exception>
    public static PixelImage Read(ReadOnlySpan<byte> bytes, string name, long maximumPixels = DefaultMaximumPixels)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        if (bytes.IsEmpty)
        {
            throw new DataException($"{name}: the file is empty. Expected a picture (JPEG, PNG, WebP or BMP).");
        }

        using SKData data = SKData.CreateCopy(bytes);
        using SKCodec codec = SKCodec.Create(data) ?? throw new DataException(
            $"{name}: it begins with {Convert.ToHexString(bytes[..Math.Min(4, bytes.Length)])}, which no picture that can be read does, or its "
            + "header is damaged. Expected a whole JPEG, PNG, WebP or BMP file.");
        (int width, int height) = (codec.Info.Width, codec.Info.Height);
        if ((long)width * height > Math.Min(maximumPixels, Array.MaxLength / 4))
        {
            throw new DataException(
                $"{name}: it has {width}×{height} pixels, more than the {maximumPixels:N0} that are accepted. Make it smaller, or raise the limit (maximumPixels).");
        }

        byte[] pixels = Decode(codec, width, height, name);
        return Upright(OnWhite(pixels), width, height, codec.EncodedOrigin);
    }

    private static unsafe byte[] Decode(SKCodec codec, int width, int height, string name)
    {
        byte[] pixels = new byte[4 * width * height];

        // Without a colour space of its own, the destination takes the numbers in the file as they are.
        var info = new SKImageInfo(width, height, SKColorType.Rgba8888, SKAlphaType.Unpremul);
        SKCodecResult result;
        fixed (byte* address = pixels)
        {
            result = codec.GetPixels(info, (nint)address);
        }

        return result switch
        {
            SKCodecResult.Success => pixels,
            SKCodecResult.IncompleteInput => throw new DataException($"{name}: the picture is cut off. Fetch or save it again."),
            _ => throw new DataException($"{name}: the picture cannot be decoded ({result}). Fetch or save it again."),
        };
    }

    private static byte[] OnWhite(byte[] pixels)
    {
        byte[] opaque = new byte[pixels.Length / 4 * 3];
        for (int pixel = 0; pixel < pixels.Length / 4; pixel++)
        {
            int alpha = pixels[(4 * pixel) + 3];
            for (int channel = 0; channel < 3; channel++)
            {
                int sum = (pixels[(4 * pixel) + channel] * alpha) + (byte.MaxValue * (byte.MaxValue - alpha));
                opaque[(3 * pixel) + channel] = (byte)((sum + (byte.MaxValue / 2)) / byte.MaxValue);
            }
        }

        return opaque;
    }

    /// <summary>Undoes how the camera was held: which corner of the stored rows is the picture's top left.</summary>
    private static PixelImage Upright(byte[] stored, int width, int height, SKEncodedOrigin origin)
    {
        if (origin is SKEncodedOrigin.TopLeft)
        {
            return new PixelImage(width, height, stored);
        }

        bool isTurned = origin is SKEncodedOrigin.LeftTop or SKEncodedOrigin.RightTop or SKEncodedOrigin.RightBottom or SKEncodedOrigin.LeftBottom;
        bool fromRight = origin is SKEncodedOrigin.TopRight or SKEncodedOrigin.BottomRight or SKEncodedOrigin.RightBottom or SKEncodedOrigin.LeftBottom;
        bool fromBottom = origin is SKEncodedOrigin.BottomRight or SKEncodedOrigin.BottomLeft or SKEncodedOrigin.RightTop or SKEncodedOrigin.RightBottom;
        (int uprightWidth, int uprightHeight) = isTurned ? (height, width) : (width, height);
        byte[] upright = new byte[stored.Length];
        int target = 0;
        for (int y = 0; y < uprightHeight; y++)
        {
            for (int x = 0; x < uprightWidth; x++, target += 3)
            {
                (int column, int row) = isTurned ? (y, x) : (x, y);
                column = fromRight ? width - 1 - column : column;
                row = fromBottom ? height - 1 - row : row;
                stored.AsSpan(((row * width) + column) * 3, 3).CopyTo(upright.AsSpan(target));
            }
        }

        return new PixelImage(uprightWidth, uprightHeight, upright);
    }
}
