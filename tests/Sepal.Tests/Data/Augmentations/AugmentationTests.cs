using Sepal.Data;
using Sepal.Data.Augmentations;
using Sepal.Randomness;
using Xunit;

namespace Sepal.Tests.Data.Augmentations;

/// <summary>Each augmentation against what it is said to do, over many random numbers.</summary>
public sealed class AugmentationTests
{
    private const int Height = 6;
    private const int Width = 9;
    private const int Draws = 200;

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void Flip_mirrors_about_half_of_the_images(int channels)
    {
        float[] original = Pixels(channels);
        float[] mirrored = new float[original.Length];
        for (int row = 0; row < Height; row++)
        {
            for (int column = 0; column < Width; column++)
            {
                for (int channel = 0; channel < channels; channel++)
                {
                    mirrored[(((row * Width) + column) * channels) + channel] = original[(((row * Width) + Width - 1 - column) * channels) + channel];
                }
            }
        }

        int flipped = 0;
        foreach (float[] result in Results(new RandomFlip(), channels))
        {
            Assert.True(result.SequenceEqual(original) || result.SequenceEqual(mirrored));
            flipped += result.SequenceEqual(mirrored) ? 1 : 0;
        }

        Assert.InRange(flipped, 70, 130);
        Assert.All(Results(new RandomFlip { Probability = 0 }, channels), result => Assert.Equal(original, result));
        Assert.All(Results(new RandomFlip { Probability = 1 }, channels), result => Assert.Equal(mirrored, result));
    }

    [Fact]
    public void Crop_moves_by_whole_pixels_and_reflects()
    {
        float[] original = Pixels(1);
        var offsets = new HashSet<(int, int)>();
        foreach (float[] result in Results(new RandomCrop { Padding = 0.2f }, 1))
        {
            // 0.2 of 6 and of 9 pixels are 1 and 2.
            (int Down, int Across) offset = Assert.Single(
                from down in Enumerable.Range(-1, 3) from across in Enumerable.Range(-2, 5) select (down, across),
                offset => Enumerable.Range(0, result.Length).All(pixel => result[pixel] == original[
                    (Mirror((pixel / Width) + offset.down, Height) * Width) + Mirror((pixel % Width) + offset.across, Width)]));
            offsets.Add(offset);
        }

        Assert.Equal(15, offsets.Count);

        static int Mirror(int position, int extent) => position < 0 ? -position : position >= extent ? (2 * (extent - 1)) - position : position;
    }

    [Theory]
    [InlineData(-13, 4, 1)]
    [InlineData(-1, 4, 1)]
    [InlineData(4, 4, 2)]
    [InlineData(6, 4, 0)]
    [InlineData(7, 4, 1)]
    [InlineData(-3, 1, 0)]
    [InlineData(3, 2, 1)]
    public void Reflection_goes_on_for_ever(int position, int extent, int expected) =>
        Assert.Equal(expected, Reflection.Of(position, extent));

    [Fact]
    public void Rotation_turns_about_the_centre()
    {
        // A ramp from left to right, turned, is a ramp along the cosine and the sine of the angle.
        var random = new RandomStream(1, 1);
        var angles = new List<double>();
        for (int draw = 0; draw < Draws; draw++)
        {
            var image = new ImageBuffer((9, 9), 1);
            for (int pixel = 0; pixel < 81; pixel++)
            {
                image.Pixels[pixel] = 100 + (10 * (pixel % 9));
            }

            new RandomRotation { Degrees = 20 }.Apply(image, random);

            Assert.Equal(140, image.Pixels[40], 1e-3);
            double across = (image.Pixels[41] - image.Pixels[39]) / 20;
            double down = (image.Pixels[49] - image.Pixels[31]) / 20;
            Assert.Equal(1, (across * across) + (down * down), 1e-3);
            angles.Add(Math.Atan2(down, across) * 180 / Math.PI);
        }

        Assert.InRange(angles.Min(), -20.01, -15);
        Assert.InRange(angles.Max(), 15, 20.01);
        Assert.Equal(Pixels(3), Results(new RandomRotation { Degrees = 0 }, 3).First());
    }

    [Fact]
    public void Zoom_shows_a_part_of_the_image()
    {
        var slopes = new List<float>();
        var random = new RandomStream(1, 1);
        for (int draw = 0; draw < Draws; draw++)
        {
            var image = new ImageBuffer((10, 10), 1);
            for (int pixel = 0; pixel < 100; pixel++)
            {
                image.Pixels[pixel] = 10 * (pixel % 10);
            }

            new RandomZoom { SmallestArea = 0.25f }.Apply(image, random);

            // Columns of a ramp are a flatter ramp, and rows are all alike.
            float slope = (image.Pixels[6] - image.Pixels[4]) / 20;
            slopes.Add(slope);
            Assert.InRange(image.Pixels[0], 0, 90);
            Assert.Equal(image.Pixels[5], image.Pixels[95], 1e-3);
        }

        Assert.InRange(slopes.Min(), 0.43f, 0.6f);
        Assert.InRange(slopes.Max(), 0.9f, 1.001f);
    }

    [Fact]
    public void Color_keeps_within_bounds_and_its_strength()
    {
        foreach (float[] result in Results(new RandomColor { Strength = 0.5f }, 3))
        {
            Assert.All(result, value => Assert.InRange(value, 0, 255));
        }

        float[] means = [.. Results(new RandomColor { Strength = 0.2f }, 1).Select(result => result.Average() / Pixels(1).Average())];
        Assert.InRange(means.Min(), 0.79f, 0.85f);
        Assert.InRange(means.Max(), 1.05f, 1.21f);
        Assert.Equal(Pixels(3), Results(new RandomColor { Strength = 0 }, 3).First());
    }

    [Fact]
    public void Cutout_covers_a_square_with_the_mean()
    {
        float[] original = Pixels(1);
        float mean = (float)(original.Sum(value => (double)value) / original.Length);
        var counts = new HashSet<int>();
        foreach (float[] result in Results(new Cutout { Side = 0.5f }, 1))
        {
            int[] changed = [.. Enumerable.Range(0, result.Length).Where(pixel => result[pixel] != original[pixel])];
            Assert.All(changed, pixel => Assert.Equal(mean, result[pixel]));
            int rows = changed.Select(pixel => pixel / Width).Distinct().Count();
            int columns = changed.Select(pixel => pixel % Width).Distinct().Count();
            Assert.Equal(rows * columns, changed.Length);
            Assert.True(rows <= 3 && columns <= 3);
            counts.Add(changed.Length);
        }

        Assert.Contains(9, counts);
        Assert.Contains(4, counts);
    }

    [Fact]
    public void Numbers_out_of_bounds_are_refused()
    {
        Assert.Throws<DataException>(() => new RandomFlip { Probability = 1.1f });
        Assert.Throws<DataException>(() => new RandomCrop { Padding = 0.6f });
        Assert.Throws<DataException>(() => new RandomRotation { Degrees = -1 });
        Assert.Throws<DataException>(() => new RandomZoom { SmallestArea = 0 });
        Assert.Throws<DataException>(() => new RandomColor { Strength = float.NaN });
        Assert.Equal(
            "The cutout's side is 2. Give a number from 0 to 1.", Assert.Throws<DataException>(() => new Cutout { Side = 2 }).Message);
    }

    private static IEnumerable<float[]> Results(Augmentation augmentation, int channels)
    {
        var random = new RandomStream(7, 1);
        for (int draw = 0; draw < Draws; draw++)
        {
            var image = new ImageBuffer((Height, Width), channels);
            Pixels(channels).CopyTo(image.Pixels);
            augmentation.Apply(image, random);
            yield return image.Pixels.ToArray();
        }
    }

    private static float[] Pixels(int channels) =>
        [.. Enumerable.Range(0, Height * Width * channels).Select(index => (float)((index * 37) % 211))];
}
