using Sepal.Data;
using SkiaSharp;
using Xunit;

namespace Sepal.Tests.Data;

public sealed class ImageFileTests
{
    // Four quarters, so that every turn shows: red, green over blue, white.
    private static readonly SKColor[] Quarters = [SKColors.Red, new SKColor(0, 255, 0), SKColors.Blue, SKColors.White];

    [Fact]
    public void Png_gives_its_bytes()
    {
        PixelImage colour = ImageFile.Read(PngImage.Encode([10, 20, 30, 200, 100, 0], 2, 1), "x.png");
        PixelImage grey = ImageFile.Read(PngImage.Encode([0, 100, 255, 7, 8, 9], 2, 3), "x.png");

        Assert.Equal((2, 1), (colour.Width, colour.Height));
        Assert.Equal([10, 20, 30, 200, 100, 0], colour.Pixels.ToArray());
        Assert.Equal((2, 3), (grey.Width, grey.Height));
        Assert.Equal([0, 0, 0, 100, 100, 100, 255, 255, 255, 7, 7, 7, 8, 8, 8, 9, 9, 9], grey.Pixels.ToArray());
    }

    [Theory]
    [InlineData(SKEncodedImageFormat.Jpeg)]
    [InlineData(SKEncodedImageFormat.Webp)]
    public void Other_formats_give_nearly_theirs(SKEncodedImageFormat format) =>
        Assert.Equal([0, 1, 2, 3], Corners(ImageFile.Read(Encode(format), "x")));

    [Fact]
    public void Bmp_is_read()
    {
        // Two pixels of 24 bits, rows from the bottom and padded to four bytes: blue, green, red.
        byte[] bytes =
        [
            (byte)'B', (byte)'M', 62, 0, 0, 0, 0, 0, 0, 0, 54, 0, 0, 0, 40, 0, 0, 0, 1, 0, 0, 0, 2, 0, 0, 0, 1, 0, 24, 0, 0, 0, 0, 0,
            8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 2, 3, 0, 4, 5, 6, 0,
        ];

        PixelImage image = ImageFile.Read(bytes, "x.bmp");

        Assert.Equal((1, 2), (image.Width, image.Height));
        Assert.Equal([6, 5, 4, 3, 2, 1], image.Pixels.ToArray());
    }

    [Fact]
    public void Transparency_lies_on_white()
    {
        using var bitmap = new SKBitmap(new SKImageInfo(3, 1, SKColorType.Rgba8888, SKAlphaType.Unpremul));
        bitmap.SetPixel(0, 0, new SKColor(200, 0, 0, 255));
        bitmap.SetPixel(1, 0, new SKColor(200, 0, 0, 51));
        bitmap.SetPixel(2, 0, new SKColor(0, 0, 0, 0));
        using SKData data = bitmap.Encode(SKEncodedImageFormat.Png, 100);

        Assert.Equal([200, 0, 0, 244, 204, 204, 255, 255, 255], ImageFile.Read(data.ToArray(), "x.png").Pixels.ToArray());
    }

    // What stands at the top left, top right, bottom left and bottom right once the picture is upright, by EXIF 2.3, 4.6.4.
    [Theory]
    [InlineData(1, "0 1 2 3", false)]
    [InlineData(2, "1 0 3 2", false)]
    [InlineData(3, "3 2 1 0", false)]
    [InlineData(4, "2 3 0 1", false)]
    [InlineData(5, "0 2 1 3", true)]
    [InlineData(6, "2 0 3 1", true)]
    [InlineData(7, "3 1 2 0", true)]
    [InlineData(8, "1 3 0 2", true)]
    public void Pictures_are_turned_upright(byte orientation, string corners, bool isTurned)
    {
        byte[] jpeg = Encode(SKEncodedImageFormat.Jpeg);
        byte[] exif =
        [
            0xFF, 0xE1, 0, 34, .. "Exif"u8, 0, 0, (byte)'M', (byte)'M', 0, 42, 0, 0, 0, 8, 0, 1, 0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, orientation,
            0, 0, 0, 0, 0, 0,
        ];

        PixelImage image = ImageFile.Read([.. jpeg[..2], .. exif, .. jpeg[2..]], "x.jpg");

        Assert.Equal(isTurned ? (32, 64) : (64, 32), (image.Width, image.Height));
        Assert.Equal(corners, string.Join(' ', Corners(image)));
    }

    [Fact]
    public void Refuses_what_is_no_picture()
    {
        using var directory = new TemporaryDirectory();
        File.WriteAllText(directory.File("x.png"), "hello");

        Assert.StartsWith(
            $"{directory.File("x.png")}: it begins with 68656C6C, which no picture that can be read does",
            Refuses(() => ImageFile.Read(directory.File("x.png"))),
            StringComparison.Ordinal);
        Assert.Equal("x: the file is empty. Expected a picture (JPEG, PNG, WebP or BMP).", Refuses(() => ImageFile.Read([], "x")));
        Assert.Contains("there is no such file. Expected a picture", Refuses(() => ImageFile.Read(directory.File("y"))), StringComparison.Ordinal);
    }

    [Fact]
    public void Refuses_pictures_that_are_cut_off()
    {
        byte[] png = PngImage.Encode(new byte[64 * 64], 64, 64);

        Assert.StartsWith("x.png: the picture ", Refuses(() => ImageFile.Read(png.AsSpan(0, png.Length - 30), "x.png")), StringComparison.Ordinal);
    }

    [Fact]
    public void Refuses_more_pixels_than_allowed_before_decoding()
    {
        byte[] png = PngImage.Encode(new byte[12], 4, 3);

        // 65,000 × 65,000 pixels, if the header is to be believed; its checksum is right.
        byte[] huge = [.. png];
        huge.AsSpan(16, 8).Clear();
        (huge[18], huge[19], huge[22], huge[23]) = (0xFD, 0xE8, 0xFD, 0xE8);
        BitConverter.GetBytes(Crc(huge.AsSpan(12, 17))).Reverse().ToArray().CopyTo(huge, 29);

        Assert.StartsWith("x: it has 4×3 pixels, more than the 11 that are accepted.", Refuses(() => ImageFile.Read(png, "x", maximumPixels: 11)), StringComparison.Ordinal);
        Assert.StartsWith("x: it has 65000×65000 pixels, more than the 100,000,000", Refuses(() => ImageFile.Read(huge, "x")), StringComparison.Ordinal);
    }

    private static uint Crc(ReadOnlySpan<byte> bytes)
    {
        uint crc = uint.MaxValue;
        foreach (byte value in bytes)
        {
            crc ^= value;
            for (int bit = 0; bit < 8; bit++)
            {
                crc = (crc & 1) == 1 ? (crc >> 1) ^ 0xEDB88320 : crc >> 1;
            }
        }

        return ~crc;
    }

    private static byte[] Encode(SKEncodedImageFormat format)
    {
        using var bitmap = new SKBitmap(64, 32);
        for (int y = 0; y < 32; y++)
        {
            for (int x = 0; x < 64; x++)
            {
                bitmap.SetPixel(x, y, Quarters[(2 * (y / 16)) + (x / 32)]);
            }
        }

        using SKData data = bitmap.Encode(format, 100);
        return data.ToArray();
    }

    private static int[] Corners(PixelImage image) =>
    [
        Quarter(image, 4, 4), Quarter(image, image.Width - 5, 4), Quarter(image, 4, image.Height - 5), Quarter(image, image.Width - 5, image.Height - 5),
    ];

    private static int Quarter(PixelImage image, int x, int y)
    {
        byte[] pixel = image.Pixels.Slice(3 * ((y * image.Width) + x), 3).ToArray();
        return Array.FindIndex(Quarters, colour =>
            Math.Abs(colour.Red - pixel[0]) < 20 && Math.Abs(colour.Green - pixel[1]) < 20 && Math.Abs(colour.Blue - pixel[2]) < 20);
    }

    private static string Refuses(Func<PixelImage> action) => Assert.Throws<DataException>(() => action()).Message;
}
