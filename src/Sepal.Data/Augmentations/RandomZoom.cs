using Sepal.Randomness;

namespace Sepal.Data.Augmentations;

/// <summary>
/// Cuts out a part of random size and proportions, and stretches it to the whole: what is shown gets larger, and a little
/// wider or taller.
/// </summary>
/// <remarks>torchvision's <c>RandomResizedCrop</c> (Szegedy et al., arXiv 1409.4842), with a milder smallest area.</remarks>
public sealed class RandomZoom : Augmentation
{
    private const double WidestRatio = 4.0 / 3;

    /// <inheritdoc/>
    public override string Name => "zoom";

    /// <summary>The smallest share of the image's area that is cut out, above 0 up to 1.</summary>
    public float SmallestArea { get; init => field = Amount.Require(value, 0.01f, 1, "zoom's smallest area"); } = 0.5f;

    /// <inheritdoc/>
    public override void Apply(ImageBuffer image, RandomStream random)
    {
        ArgumentNullException.ThrowIfNull(image);
        ArgumentNullException.ThrowIfNull(random);
        double area = SmallestArea + ((1 - SmallestArea) * random.NextSingle());
        double ratio = Math.Exp(Math.Log(WidestRatio) * ((2 * random.NextSingle()) - 1));
        double height = Math.Min(1, Math.Sqrt(area / ratio));
        double width = Math.Min(1, Math.Sqrt(area * ratio));
        double top = (1 - height) * random.NextSingle() * image.Height;
        double left = (1 - width) * random.NextSingle() * image.Width;

        // Pixels are areas: the first one's centre stands half a pixel from the edge, before and after.
        AffineSampling.Apply(image, (height, 0, top + (height / 2) - 0.5), (0, width, left + (width / 2) - 0.5));
    }
}
