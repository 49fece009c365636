using System.Collections.Immutable;
using System.Globalization;
using Sepal.Data;

namespace Sepal.Cli.Classification;

/// <summary>Pictures with classes, to measure a classifier on. They are decoded when they are asked for.</summary>
/// <param name="ClassNames">What the classes are called, in the order of the labels; empty where they are numbers alone.</param>
/// <param name="ClassCount">How many classes there are.</param>
/// <param name="Count">How many pictures.</param>
/// <param name="Label">A picture's class.</param>
/// <param name="Name">What a picture is called.</param>
/// <param name="Load">Decodes a picture; called by several threads at once.</param>
internal sealed record LabelledPictures(
    ImmutableArray<string> ClassNames, int ClassCount, int Count, Func<int, int> Label, Func<int, string> Name, Func<int, PixelImage> Load)
{
    /// <summary>Takes the pictures of a data set.</summary>
    /// <param name="dataset">The data set.</param>
    /// <returns>The pictures.</returns>
    public static LabelledPictures Of(ImageDataset dataset) =>
        new([.. dataset.ClassNames], dataset.ClassNames.Count, dataset.Count, dataset.Label, dataset.Name, dataset.Image);

    /// <summary>Takes the images of MNIST-format files.</summary>
    /// <param name="dataset">The images.</param>
    /// <returns>The pictures.</returns>
    /// <exception cref="SepalException">They have other channels than 1 or 3.</exception>
    public static LabelledPictures Of(IdxDataset dataset)
    {
        (int height, int width) = ((int)dataset.InputShape[0].Value, (int)dataset.InputShape[1].Value);
        bool isGrey = dataset.InputShape[2] == 1;
        return isGrey || dataset.InputShape[2] == 3
            ? new([], dataset.ClassCount, dataset.Count, dataset.Label, index => string.Create(CultureInfo.InvariantCulture, $"image {index}"), Load)
            : throw new SepalException($"The images have {dataset.InputShape[2]} channels. Expected 1 (grey) or 3 (red, green, blue).");

        PixelImage Load(int index) => isGrey
            ? PixelImage.FromGrey(width, height, dataset.Image(index))
            : new PixelImage(width, height, dataset.Image(index).ToArray());
    }

    /// <summary>Takes the pictures of files.</summary>
    /// <param name="images">The files.</param>
    /// <param name="classNames">What the classes are called.</param>
    /// <returns>The pictures.</returns>
    public static LabelledPictures Of(ImmutableArray<LabelledImage> images, ImmutableArray<string> classNames) =>
        new(classNames, classNames.Length, images.Length, index => images[index].Label, index => images[index].Path, index => ImageFile.Read(images[index].Path));

    /// <summary>Gives the classes the numbers that a model has for them.</summary>
    /// <param name="modelNames">The model's classes; empty where it has no names.</param>
    /// <param name="count">How many classes the model tells apart.</param>
    /// <returns>The same pictures.</returns>
    /// <exception cref="SepalException">The model does not know a class.</exception>
    public LabelledPictures Renumbered(ImmutableArray<string> modelNames, int count) =>
        Numbers(ClassNames, ClassCount, modelNames, count) is { } numbers
            ? this with { ClassNames = modelNames, Label = index => numbers[Label(index)] }
            : this;

    /// <summary>Finds the numbers that a model has for a data set's classes.</summary>
    /// <param name="names">What the data set's classes are called; empty where they are numbers alone.</param>
    /// <param name="classCount">How many classes the data set has.</param>
    /// <param name="modelNames">The model's classes; empty where it has no names.</param>
    /// <param name="count">How many classes the model tells apart.</param>
    /// <returns>A number a class; null where they are the data set's own.</returns>
    /// <exception cref="SepalException">The model does not know a class.</exception>
    public static int[]? Numbers(ImmutableArray<string> names, int classCount, ImmutableArray<string> modelNames, int count)
    {
        if (classCount > count)
        {
            throw new SepalException(
                $"The data set has {classCount} classes, but the model tells {count} apart. Give the data that it was trained for.");
        }

        if (modelNames.IsEmpty || names.IsEmpty || modelNames.SequenceEqual(names, StringComparer.Ordinal))
        {
            return null;
        }

        int[] numbers = [.. names.Select(name => modelNames.IndexOf(name))];
        return numbers.Contains(-1)
            ? throw new SepalException(
                $"The data set has the class '{names[Array.IndexOf(numbers, -1)]}', but the model's classes are {string.Join(", ", modelNames)}. "
                + "Give the data that it was trained for, or the data's names for its classes with --classes.")
            : numbers;
    }
}
