using Sepal.Data.Augmentations;
using Sepal.Onnx;

namespace Sepal.Data;

/// <summary>How pictures become examples.</summary>
public sealed record ImageDatasetOptions
{
    /// <summary>
    /// Size, channels and scaling, to be stored in the trained model's file too, so that it is used as it was trained. It must have
    /// a <see cref="ImagePreprocessing.Size"/>.
    /// </summary>
    public required ImagePreprocessing Preprocessing { get; init; }

    /// <summary>Random changes, made one after another, anew in every epoch; none for data that are measured on.</summary>
    public IReadOnlyList<Augmentation> Augmentations { get; init; } = [];

    /// <summary>What the augmentations' random numbers follow from.</summary>
    public ulong Seed { get; init; }

    /// <summary>Threads that decode and augment ahead of training; makes no difference to the result.</summary>
    public int Threads { get; init; } = Environment.ProcessorCount;

    /// <summary>
    /// How many bytes of resized pictures are kept, so that they need not be decoded anew in every epoch; a quarter of the
    /// memory where not given. Makes no difference to the result.
    /// </summary>
    public long CacheBytes { get; init; } = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / 4;

    /// <summary>
    /// Whether resized pixels are rounded to bytes, as a file of the resized picture would have them: four times as many of
    /// them can be kept. Not rounded, they are what <c>sepal predict</c> makes of the picture, to the bit.
    /// </summary>
    public bool RoundPixels { get; init; }
}
