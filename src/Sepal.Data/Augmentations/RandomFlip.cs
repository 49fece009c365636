using Sepal.Randomness;

namespace Sepal.Data.Augmentations;

/// <summary>Mirrors images left to right. Not for what reads differently then: digits, letters, arrows.</summary>
/// <remarks>Keras's <c>RandomFlip("horizontal")</c>, torchvision's <c>RandomHorizontalFlip</c>.</remarks>
public sealed class RandomFlip : Augmentation
{
    /// <inheritdoc/>
    public override string Name => "flip";

    /// <summary>The share of images that are mirrored, from 0 to 1.</summary>
    public float Probability { get; init => field = Amount.Require(value, 0, 1, "flip's probability"); } = 0.5f;

    /// <inheritdoc/>
    public override void Apply(ImageBuffer image, RandomStream random)
    {
        ArgumentNullException.ThrowIfNull(image);
        ArgumentNullException.ThrowIfNull(random);
        if (random.NextSingle() >= Probability)
        {
            return;
        }

        int channels = image.Channels;
        int rowLength = image.Width * channels;
        for (int row = 0; row < image.Height; row++)
        {
            Span<float> pixels = image.Pixels.Slice(row * rowLength, rowLength);
            pixels.Reverse();
            if (channels > 1)
            {
                // Turning the row round has turned each pixel's channels round too.
                for (int pixel = 0; pixel < rowLength; pixel += channels)
                {
                    pixels.Slice(pixel, channels).Reverse();
                }
            }
        }
    }
}
