using Sepal.Randomness;

namespace Sepal.Data.Augmentations;

/// <summary>
/// A random change of an image that leaves what it shows what it is, so that a network learns not to mind it. It works on
/// pixels of 0 to 255, before they are scaled and normalised, and takes all that is random in it from a stream of numbers keyed by
/// the seed, the epoch and the image: for any number of threads the same images come out.
/// </summary>
public abstract class Augmentation
{
    /// <summary>What the augmentation is called on the command line, for example <c>flip</c>.</summary>
    public abstract string Name { get; }

    /// <summary>Changes an image. Called by several threads at once, each with an image and a stream of its own.</summary>
    /// <param name="image">The image.</param>
    /// <param name="random">The image's random numbers.</param>
    public abstract void Apply(ImageBuffer image, RandomStream random);
}
