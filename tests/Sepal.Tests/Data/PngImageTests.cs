using Sepal.Data;
using SkiaSharp;
using Xunit;

namespace Sepal.Tests.Data;

public sealed class PngImageTests
{
    [Fact]
    public void Grey_and_colour_come_back_as_they_went_in()
    {
        using var grey = SKBitmap.Decode(PngImage.Encode([0, 100, 255, 7], 2, 2));
        using var colour = SKBitmap.Decode(PngImage.Encode([10, 20, 30, 200, 100, 0], 2, 1));

        Assert.Equal(new SKColor(100, 100, 100), grey.GetPixel(1, 0));
        Assert.Equal(new SKColor(255, 255, 255), grey.GetPixel(0, 1));
        Assert.Equal(new SKColor(10, 20, 30), colour.GetPixel(0, 0));
        Assert.Equal(new SKColor(200, 100, 0), colour.GetPixel(1, 0));
    }

    [Fact]
    public void A_data_uri_holds_the_file() =>
        Assert.Equal(
            PngImage.Encode([1], 1, 1),
            Convert.FromBase64String(PngImage.DataUri([1], 1, 1)["data:image/png;base64,".Length..]));

    [Fact]
    public void Refuses_bytes_that_do_not_fit_the_size() =>
        Assert.Throws<ArgumentException>(() => PngImage.Encode([1, 2], 2, 2));
}
