using Sepal.Randomness;

namespace Sepal.Data.Augmentations;

/// <summary>
/// Moves images by whole pixels, and fills what comes in at the edge by reflection: a crop of the image's own size out of the
/// padded image.
/// </summary>
/// <remarks>torchvision's <c>RandomCrop</c> with a padding in <c>reflect</c> mode, the usual augmentation of CIFAR-10.</remarks>
public sealed class RandomCrop : Augmentation
{
    /// <inheritdoc/>
    public override string Name => "crop";

    /// <summary>How far images are moved at the most, as a share of height and width, from 0 to 0.5; 0.125 is 4 pixels of 32.</summary>
    public float Padding { get; init => field = Amount.Require(value, 0, 0.5f, "crop's padding"); } = 0.125f;

    /// <inheritdoc/>
    public override void Apply(ImageBuffer image, RandomStream random)
    {
        ArgumentNullException.ThrowIfNull(image);
        ArgumentNullException.ThrowIfNull(random);
        int down = Offset(image.Height, random);
        int across = Offset(image.Width, random);
        if (down == 0 && across == 0)
        {
            return;
        }

        Span<float> source = image.Pixels;
        Span<float> target = image.Scratch;
        int channels = image.Channels;
        for (int row = 0; row < image.Height; row++)
        {
            int from = Reflection.Of(row + down, image.Height) * image.Width;
            for (int column = 0; column < image.Width; column++)
            {
                int pixel = (from + Reflection.Of(column + across, image.Width)) * channels;
                source.Slice(pixel, channels).CopyTo(target[(((row * image.Width) + column) * channels)..]);
            }
        }

        image.Swap();
    }

    private int Offset(int extent, RandomStream random)
    {
        int most = (int)MathF.Round(Padding * extent);
        return random.NextInt32((2 * most) + 1) - most;
    }
}
