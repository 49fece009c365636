using Sepal.Randomness;

namespace Sepal.Data.Augmentations;

/// <summary>Covers a square with the image's mean colour, so that a network learns to look at more than one part.</summary>
/// <remarks>DeVries and Taylor, arXiv 1708.04552; the square may reach past the edge, as there. torchvision's <c>RandomErasing</c> is similar.</remarks>
public sealed class Cutout : Augmentation
{
    /// <inheritdoc/>
    public override string Name => "cutout";

    /// <summary>The square's side as a share of the shorter side, from 0 to 1.</summary>
    public float Side { get; init => field = Amount.Require(value, 0, 1, "cutout's side"); } = 0.25f;

    /// <inheritdoc/>
    public override void Apply(ImageBuffer image, RandomStream random)
    {
        ArgumentNullException.ThrowIfNull(image);
        ArgumentNullException.ThrowIfNull(random);
        int side = (int)MathF.Round(Side * Math.Min(image.Height, image.Width));
        int top = random.NextInt32(image.Height) - (side / 2);
        int left = random.NextInt32(image.Width) - (side / 2);
        int right = Math.Min(left + side, image.Width);
        left = Math.Max(left, 0);
        for (int channel = 0; channel < image.Channels; channel++)
        {
            float mean = Mean(image, channel);
            for (int row = Math.Max(top, 0); row < Math.Min(top + side, image.Height); row++)
            {
                for (int column = left; column < right; column++)
                {
                    image.Pixels[(((row * image.Width) + column) * image.Channels) + channel] = mean;
                }
            }
        }
    }

    private static float Mean(ImageBuffer image, int channel)
    {
        double sum = 0;
        for (int index = channel; index < image.Pixels.Length; index += image.Channels)
        {
            sum += image.Pixels[index];
        }

        return (float)(sum * image.Channels / image.Pixels.Length);
    }
}
