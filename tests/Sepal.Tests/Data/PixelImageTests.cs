using System.Numerics.Tensors;
using Sepal.Data;
using Sepal.Onnx;
using Xunit;

namespace Sepal.Tests.Data;

public sealed class PixelImageTests
{
    private static readonly ImagePreprocessing Bytes = new() { Channels = ImageChannels.Grey, Scale = 1 };

    [Fact]
    public void A_grey_digit_becomes_the_numbers_that_a_data_set_gives()
    {
        byte[] bytes = [.. Enumerable.Range(0, 256).Select(value => (byte)value)];

        Tensor<float> tensor = ImageFile.Read(PngImage.Encode(bytes, 16, 16), "x")
            .ToTensor(new ImagePreprocessing { Channels = ImageChannels.Grey }, 16);

        Assert.Equal([1, 16, 16, 1], tensor.Lengths.ToArray());
        Assert.Equal(bytes.Select(value => value / 255f), tensor.ToArray());
    }

    [Fact]
    public void Channels_go_first_or_last_and_are_normalised_one_by_one()
    {
        var image = new PixelImage(2, 1, (byte[])[0, 51, 102, 153, 204, 255]);
        var preprocessing = new ImagePreprocessing { Size = (1, 2), Mean = [0.5f, 0, 1], StandardDeviation = [0.5f, 2, 0.25f] };

        Tensor<float> first = image.ToTensor(preprocessing, channelsFirst: true);

        AssertClose([-1, 0.1f, -2.4f, 0.2f, 0.4f, 0], image.ToTensor(preprocessing).ToArray());
        Assert.Equal([1, 3, 1, 2], first.Lengths.ToArray());
        AssertClose([-1, 0.2f, 0.1f, 0.4f, -2.4f, 0], first.ToArray());
    }

    [Fact]
    public void Blue_may_come_first()
    {
        var image = new PixelImage(1, 1, (byte[])[10, 20, 30]);

        Assert.Equal([30, 19, 8], image.ToTensor(new() { Size = 1, Channels = ImageChannels.Bgr, Scale = 1, Mean = [0, 1, 2] }).ToArray());
    }

    [Fact]
    public void Colour_becomes_grey_by_luma()
    {
        var image = new PixelImage(3, 1, (byte[])[255, 0, 0, 0, 255, 0, 0, 0, 255]);

        Assert.Equal([76, 150, 29], image.ToTensor(Bytes, (1, 3)).ToArray());
    }

    [Fact]
    public void Enlarging_interpolates_between_centres() => AssertClose([0, 25, 75, 100], Resize([0, 100], width: 2, height: 1, (1, 4)));

    [Fact]
    public void Rows_are_resized_as_columns_are() => AssertClose(
        [0, 10, 25, 35, 75, 85, 100, 110], Resize([0, 10, 100, 110], width: 2, height: 2, (4, 2)));

    [Fact]
    public void Reducing_takes_triangles_of_all_pixels() =>

        // Four to two: weights 3, 3, 1 around the first centre and 1, 3, 3 around the second; a fourth lies outside.
        AssertClose(
            [((3 * 10) + (3 * 20) + 30) / 7f, (20 + (3 * 30) + (3 * 40)) / 7f], Resize([10, 20, 30, 40], width: 4, height: 1, (1, 2)));

    [Theory]
    [InlineData(2, 4, 4, "11 12 13 14 21 22 23 24")]
    [InlineData(3, 3, 4, "2 3 4 12 13 14 22 23 24")]
    public void The_middle_is_cut_out(int height, int width, int shorterSide, string expected)
    {
        // Rows 0 to 3, columns 0 to 5: a pixel's tens say its row and its ones its column.
        byte[] pixels = [.. Enumerable.Range(0, 24).Select(index => (byte)((10 * (index / 6)) + (index % 6)))];

        Assert.Equal(expected, string.Join(' ', Resize(pixels, width: 6, height: 4, (height, width), shorterSide)));
    }

    [Fact]
    public void Crops_of_a_resized_picture_have_torchvisions_place()
    {
        // Resize(256) makes 500×375 341×256; CenterCrop(224) begins at column round(58.5) = 58. A ramp stays a ramp.
        byte[] ramp = [.. Enumerable.Range(0, 500 * 375 * 3).Select(index => (byte)(index / 3 % 500 / 2))];

        Tensor<float> tensor = new PixelImage(500, 375, ramp).ToTensor(new() { Size = 224, ShorterSide = 256, Scale = 1 });

        double expected = ((58.5 * 500 / 341) - 0.5) / 2;
        Assert.InRange(tensor[[0, 0, 0, 0]], expected - 0.6, expected + 0.6);
        Assert.Equal([1, 224, 224, 3], tensor.Lengths.ToArray());
    }

    [Fact]
    public void Contradictions_are_refused()
    {
        var image = new PixelImage(1, 1, new byte[3]);

        Assert.StartsWith("The size that pictures are resized to is not known.", Refuses(() => image.ToTensor(Bytes)), StringComparison.Ordinal);
        Assert.StartsWith(
            "Pictures are to be 4×4, but the model takes 5×5.",
            Refuses(() =>
            {
                image.CopyTo(new float[25], Bytes with { Size = 4 }, 5);
                return Tensor.Create<float>([0], [1]);
            }),
            StringComparison.Ordinal);
        Assert.StartsWith(
            "A crop of 4×4 does not fit into pictures whose shorter side is 3.",
            Refuses(() => image.ToTensor(Bytes with { Size = 4, ShorterSide = 3 })),
            StringComparison.Ordinal);
        Assert.StartsWith(
            "The picture has 90000×1 pixels, and to be cropped it would be resized to 23040000×256.",
            Refuses(() => new PixelImage(1, 90_000, new byte[270_000]).ToTensor(Bytes with { Size = 4, ShorterSide = 256 })),
            StringComparison.Ordinal);
        Assert.Equal(
            "The mean is 1, 2. Expected nothing or 1 finite number, one a channel.",
            Refuses(() => image.ToTensor(Bytes with { Size = 4, Mean = [1, 2] })));
        Assert.Equal(
            "The standard deviation is 1, NaN, 1. Expected nothing or 3 finite numbers, one a channel.",
            Refuses(() => image.ToTensor(new() { Size = 4, StandardDeviation = [1, float.NaN, 1] })));
        Assert.StartsWith(
            "The standard deviation has a 0", Refuses(() => image.ToTensor(Bytes with { Size = 4, StandardDeviation = [0] })), StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => image.CopyTo(new float[24], Bytes, 5));
        Assert.Throws<ArgumentException>(() => new PixelImage(2, 1, new byte[5]));
    }

    private static float[] Resize(byte[] grey, int width, int height, Size2D size, int? shorterSide = null) =>
        new PixelImage(width, height, (byte[])[.. grey.SelectMany(value => new[] { value, value, value })])
            .ToTensor(Bytes with { Size = size, ShorterSide = shorterSide }).ToArray();

    private static void AssertClose(float[] expected, float[] received)
    {
        Assert.Equal(expected.Length, received.Length);
        Assert.All(expected.Zip(received), pair => Assert.Equal(pair.First, pair.Second, 1e-5f));
    }

    private static string Refuses(Func<Tensor<float>> action) => Assert.Throws<DataException>(() => action()).Message;
}
