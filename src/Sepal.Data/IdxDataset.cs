using System.Collections.Immutable;
using System.Globalization;
using Sepal.Graphs;
using Sepal.Training;

namespace Sepal.Data;

/// <summary>
/// Labelled images of two IDX files. They are kept as the bytes they are, and scaled to 0..1 as they are read.
/// </summary>
public sealed class IdxDataset : Dataset
{
    private static readonly ImmutableArray<float> Scaled = [.. Enumerable.Range(0, 256).Select(value => value / 255f)];

    private readonly ReadOnlyMemory<byte> _images;
    private readonly ReadOnlyMemory<byte> _labels;
    private readonly int _imageLength;

    /// <summary>Joins images and their labels.</summary>
    /// <param name="images">The images: count, rows, columns, and channels if there are several.</param>
    /// <param name="labels">A class number an image.</param>
    /// <param name="classNames">What the classes are called, which also says how many there are; numbers up to the greatest label where not given.</param>
    /// <exception cref="DataException">The files hold something else, do not belong together, or a label has no class.</exception>
    public IdxDataset(IdxFile images, IdxFile labels, IReadOnlyList<string>? classNames = null)
    {
        ArgumentNullException.ThrowIfNull(images);
        ArgumentNullException.ThrowIfNull(labels);
        RequireImages(images);
        RequireLabels(labels);
        if (images.Dimensions[0] != labels.Dimensions[0])
        {
            throw new DataException(
                $"{images.Name} holds {images.Dimensions[0]} images, but {labels.Name} holds {labels.Dimensions[0]} labels. "
                + "Expected as many of both: take the two files of the same set.");
        }

        ClassNames = classNames ?? NumberNames(MaximumLabel(labels) + 1);
        RequireClasses(labels, ClassNames.Count);
        InputShape = [images.Dimensions[1], images.Dimensions[2], images.Dimensions.Length == 4 ? images.Dimensions[3] : 1];
        _images = images.Elements;
        _labels = labels.Elements;
        _imageLength = images.Elements.Length / images.Dimensions[0];
    }

    /// <inheritdoc/>
    public override int Count => _labels.Length;

    /// <inheritdoc/>
    public override Shape InputShape { get; }

    /// <inheritdoc/>
    public override Shape TargetShape => Shape.Scalar;

    /// <inheritdoc/>
    public override IReadOnlyList<string> ClassNames { get; }

    /// <summary>How many classes there are.</summary>
    public int ClassCount => ClassNames.Count;

    /// <summary>An image as it is in the file: rows from the top, channels together.</summary>
    /// <param name="index">From 0 to just below <see cref="Count"/>.</param>
    /// <returns>The bytes.</returns>
    public ReadOnlySpan<byte> Image(int index) => _images.Span.Slice(index * _imageLength, _imageLength);

    /// <summary>An image's class number.</summary>
    /// <param name="index">From 0 to just below <see cref="Count"/>.</param>
    /// <returns>The class.</returns>
    public int Label(int index) => _labels.Span[index];

    /// <inheritdoc/>
    public override void Read(ReadOnlySpan<int> indices, Span<float> inputs, Span<float> targets)
    {
        ReadOnlySpan<float> scaled = Scaled.AsSpan();
        for (int position = 0; position < indices.Length; position++)
        {
            ReadOnlySpan<byte> image = Image(indices[position]);
            Span<float> input = inputs.Slice(position * _imageLength, _imageLength);
            for (int pixel = 0; pixel < image.Length; pixel++)
            {
                input[pixel] = scaled[image[pixel]];
            }

            targets[position] = Label(indices[position]);
        }
    }

    /// <summary>Class numbers as names.</summary>
    /// <param name="count">How many classes.</param>
    /// <returns><c>0</c>, <c>1</c>, …</returns>
    internal static ImmutableArray<string> NumberNames(int count) =>
        [.. Enumerable.Range(0, count).Select(number => number.ToString(CultureInfo.InvariantCulture))];

    /// <summary>The greatest class number in a file of labels.</summary>
    /// <param name="labels">The labels.</param>
    /// <returns>The number; −1 where there are none.</returns>
    internal static int MaximumLabel(IdxFile labels)
    {
        int maximum = -1;
        foreach (byte label in labels.Elements.Span)
        {
            maximum = Math.Max(maximum, label);
        }

        return maximum;
    }

    private static void RequireImages(IdxFile images)
    {
        if (images.Dimensions.Length == 1)
        {
            throw new DataException(
                $"{images.Name}: it has one dimension, as a label file has, where images were expected "
                + "(count × rows × columns). Swap the two files, or give the images of this set.");
        }

        if (images.Dimensions.Length == 2)
        {
            throw new DataException(
                $"{images.Name}: it has 2 dimensions, {Describe(images)}, where images were expected (count × rows × columns). "
                + "Check that this is the right file.");
        }

        if (images.Elements.IsEmpty)
        {
            throw new DataException(
                $"{images.Name}: it holds no images ({Describe(images)}). Expected at least one, of at least one pixel.");
        }
    }

    private static void RequireLabels(IdxFile labels)
    {
        if (labels.Dimensions.Length != 1)
        {
            string likeness = labels.Dimensions.Length >= 3 ? ", as an image file has," : string.Empty;
            throw new DataException(
                $"{labels.Name}: it has {labels.Dimensions.Length} dimensions{likeness} where labels were expected (count). "
                + "Swap the two files, or give the labels of this set.");
        }
    }

    private static void RequireClasses(IdxFile labels, int count)
    {
        int bad = labels.Elements.Span.IndexOfAnyExceptInRange((byte)0, (byte)Math.Clamp(count - 1, 0, byte.MaxValue));
        if (count < 1 || bad >= 0)
        {
            int position = Math.Max(bad, 0);
            throw new DataException(
                $"{labels.Name}: label {position} is {labels.Elements.Span[position]}, but there are {count} classes, from 0 to {count - 1}. "
                + "Give all classes, or the labels of this set.");
        }
    }

    private static string Describe(IdxFile file) => string.Join(" × ", file.Dimensions);
}
