using Sepal.Data;
using Sepal.Graphs;
using Xunit;

namespace Sepal.Tests.Data;

public sealed class IdxDatasetTests
{
    [Fact]
    public void Reads_images_scaled_and_labels_in_the_order_asked_for()
    {
        IdxDataset dataset = Make(IdxBytes.Make([2, 1, 2], [0, 51, 255, 102]), IdxBytes.Labels(3, 1));
        float[] inputs = new float[6];
        float[] targets = new float[3];

        dataset.Read([1, 0, 1], inputs, targets);

        Assert.Equal([1f, 0.4f, 0f, 0.2f, 1f, 0.4f], inputs);
        Assert.Equal([1f, 3f, 1f], targets);
        Assert.Equal(new Shape(1, 2, 1), dataset.InputShape);
        Assert.Equal(Shape.Scalar, dataset.TargetShape);
        Assert.Equal(["0", "1", "2", "3"], dataset.ClassNames);
    }

    [Fact]
    public void Images_may_have_channels() =>
        Assert.Equal(new Shape(1, 1, 3), Make(IdxBytes.Make([1, 1, 1, 3], [1, 2, 3]), IdxBytes.Labels(0)).InputShape);

    [Fact]
    public void Takes_the_first_examples()
    {
        IdxDataset dataset = Make(IdxBytes.Images(3, 2, 2), IdxBytes.Labels(0, 1, 2));

        Assert.Equal(2, dataset.Take(2).Count);
        Assert.Equal(dataset.ClassNames, dataset.Take(2).ClassNames);
    }

    [Fact]
    public void Says_so_when_the_files_are_swapped()
    {
        byte[] images = IdxBytes.Images(2, 2, 2);
        byte[] labels = IdxBytes.Labels(0, 1);

        Refuses(labels, images, "images: it has one dimension, as a label file has");
        Refuses(images, images, "labels: it has 3 dimensions, as an image file has,");
        Refuses(IdxBytes.Make([2, 2], [1, 2, 3, 4]), labels, "images: it has 2 dimensions, 2 × 2");
    }

    [Fact]
    public void Refuses_files_that_do_not_belong_together()
    {
        Refuses(IdxBytes.Images(2, 2, 2), IdxBytes.Labels(0, 1, 1), "images holds 2 images, but labels holds 3 labels");
        Refuses(IdxBytes.Make([0, 2, 2], []), IdxBytes.Labels(), "images: it holds no images (0 × 2 × 2)");
        Refuses(IdxBytes.Make([1, 0, 2], []), IdxBytes.Labels(0), "images: it holds no images (1 × 0 × 2)");
    }

    [Fact]
    public void Refuses_labels_without_a_class() =>
        Refuses(
            IdxBytes.Images(3, 2, 2), IdxBytes.Labels(0, 1, 9), "labels: label 2 is 9, but there are 2 classes, from 0 to 1", ["cat", "dog"]);

    private static void Refuses(byte[] images, byte[] labels, string message, string[]? classNames = null) =>
        Assert.Contains(
            message, Assert.Throws<DataException>(() => Make(images, labels, classNames)).Message, StringComparison.Ordinal);

    private static IdxDataset Make(byte[] images, byte[] labels, string[]? classNames = null) =>
        new(IdxFile.Read(images, "images"), IdxFile.Read(labels, "labels"), classNames);
}
