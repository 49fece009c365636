using Sepal.Randomness;

namespace Sepal.Data.Augmentations;

/// <summary>Turns images about their centre, by linear interpolation; the corners are filled by reflection.</summary>
/// <remarks>Keras's and torchvision's <c>RandomRotation</c>; degrees as in torchvision.</remarks>
public sealed class RandomRotation : Augmentation
{
    /// <inheritdoc/>
    public override string Name => "rotate";

    /// <summary>The largest angle to either side, in degrees, from 0 to 180.</summary>
    public float Degrees { get; init => field = Amount.Require(value, 0, 180, "rotation's largest angle"); } = 10;

    /// <inheritdoc/>
    public override void Apply(ImageBuffer image, RandomStream random)
    {
        ArgumentNullException.ThrowIfNull(image);
        ArgumentNullException.ThrowIfNull(random);
        double angle = Degrees * ((2 * random.NextSingle()) - 1) * Math.PI / 180;
        if (angle == 0)
        {
            return;
        }

        (double sine, double cosine) = Math.SinCos(angle);
        double middle = (image.Height - 1) / 2.0;
        double centre = (image.Width - 1) / 2.0;
        AffineSampling.Apply(
            image,
            (cosine, -sine, middle - (cosine * middle) + (sine * centre)),
            (sine, cosine, centre - (sine * middle) - (cosine * centre)));
    }
}
