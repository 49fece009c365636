using System.Numerics.Tensors;
using Sepal.Randomness;

namespace Sepal.Data.Augmentations;

/// <summary>Changes brightness, contrast and, where there are colours, saturation, each by a factor of its own.</summary>
/// <remarks>torchvision's <c>ColorJitter</c>, always in this order and without the hue.</remarks>
public sealed class RandomColor : Augmentation
{
    private const float Brightest = 255;

    /// <inheritdoc/>
    public override string Name => "color";

    /// <summary>How far each factor lies from 1 at the most, from 0 to 1.</summary>
    public float Strength { get; init => field = Amount.Require(value, 0, 1, "color's strength"); } = 0.2f;

    /// <inheritdoc/>
    public override void Apply(ImageBuffer image, RandomStream random)
    {
        ArgumentNullException.ThrowIfNull(image);
        ArgumentNullException.ThrowIfNull(random);
        Span<float> pixels = image.Pixels;
        float brightness = Factor(random);
        float contrast = Factor(random);
        float saturation = Factor(random);
        TensorPrimitives.Multiply(pixels, brightness, pixels);
        Clamp(pixels);
        float mean = TensorPrimitives.Sum<float>(pixels) / pixels.Length;
        TensorPrimitives.Multiply(pixels, contrast, pixels);
        TensorPrimitives.Add(pixels, (1 - contrast) * mean, pixels);
        Clamp(pixels);
        if (image.Channels == 3)
        {
            Saturate(pixels, saturation);
            Clamp(pixels);
        }
    }

    private static void Saturate(Span<float> pixels, float factor)
    {
        for (int pixel = 0; pixel < pixels.Length; pixel += 3)
        {
            // Luma by ITU-R BT.601.
            float grey = (0.299f * pixels[pixel]) + (0.587f * pixels[pixel + 1]) + (0.114f * pixels[pixel + 2]);
            for (int channel = pixel; channel < pixel + 3; channel++)
            {
                pixels[channel] = grey + (factor * (pixels[channel] - grey));
            }
        }
    }

    private static void Clamp(Span<float> pixels) => TensorPrimitives.Clamp(pixels, 0, Brightest, pixels);

    private float Factor(RandomStream random) => 1 + (Strength * ((2 * random.NextSingle()) - 1));
}
