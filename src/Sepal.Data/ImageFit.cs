namespace Sepal.Data;

/// <summary>How a picture of another size becomes one of the model's.</summary>
internal static class ImageFit
{
    /// <summary>Stretches a picture, or resizes it in proportion and cuts out the middle.</summary>
    /// <param name="image">The picture.</param>
    /// <param name="channels">3, or 1 for grey.</param>
    /// <param name="size">The size wanted.</param>
    /// <param name="shorterSide">To what the shorter side is resized before the middle is cut out; stretched where not given.</param>
    /// <returns>The rows from the top, channels together, numbers of 0 to 255.</returns>
    public static float[] Resize(PixelImage image, int channels, Size2D size, int? shorterSide)
    {
        ReadOnlySpan<byte> pixels = channels == 1 ? Grey(image) : image.Pixels.Span;
        if (shorterSide is not { } side)
        {
            return ImageResampling.Resize(pixels, image.Width, image.Height, channels, size.Width, size.Height);
        }

        if (side < Math.Max(size.Height, size.Width))
        {
            throw new DataException(
                $"A crop of {size} does not fit into pictures whose shorter side is {side}. Resize to at least {Math.Max(size.Height, size.Width)}.");
        }

        (int width, int height) = InProportion(image, side);
        float[] resized = ImageResampling.Resize(pixels, image.Width, image.Height, channels, width, height);
        int top = (int)Math.Round((height - size.Height) / 2.0, MidpointRounding.ToEven);
        int left = (int)Math.Round((width - size.Width) / 2.0, MidpointRounding.ToEven);
        var cropped = new float[size.Height * size.Width * channels];
        int rowLength = size.Width * channels;
        for (int row = 0; row < size.Height; row++)
        {
            resized.AsSpan((((top + row) * width) + left) * channels, rowLength).CopyTo(cropped.AsSpan(row * rowLength));
        }

        return cropped;
    }

    /// <summary>The longer side is cut off rather than rounded, as torchvision has it.</summary>
    private static (int Width, int Height) InProportion(PixelImage image, int side)
    {
        bool isUpright = image.Width <= image.Height;
        long longer = (long)side * Math.Max(image.Width, image.Height) / Math.Min(image.Width, image.Height);
        (long width, long height) = isUpright ? ((long)side, longer) : (longer, (long)side);
        return side * longer <= ImageFile.DefaultMaximumPixels
            ? ((int)width, (int)height)
            : throw new DataException(
                $"The picture has {image.Height}×{image.Width} pixels, and to be cropped it would be resized to {height}×{width}. "
                + "Expected more usual proportions: cut it yourself, or stretch it.");
    }

    /// <summary>
    /// Luma by ITU-R BT.601 (0.299 red, 0.587 green, 0.114 blue), rounded to bytes in the fixed-point arithmetic that Pillow
    /// uses, so that grey stays what it is.
    /// </summary>
    private static byte[] Grey(PixelImage image)
    {
        ReadOnlySpan<byte> pixels = image.Pixels.Span;
        byte[] grey = new byte[pixels.Length / 3];
        for (int pixel = 0; pixel < grey.Length; pixel++)
        {
            ReadOnlySpan<byte> colour = pixels.Slice(3 * pixel, 3);
            grey[pixel] = (byte)(((colour[0] * 19595) + (colour[1] * 38470) + (colour[2] * 7471) + 0x8000) >> 16);
        }

        return grey;
    }
}
