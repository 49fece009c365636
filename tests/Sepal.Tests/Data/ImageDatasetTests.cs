using Sepal.Data;
using Sepal.Data.Augmentations;
using Sepal.Onnx;
using Sepal.Randomness;
using Xunit;

namespace Sepal.Tests.Data;

public sealed class ImageDatasetTests : IDisposable
{
    private static readonly ImagePreprocessing Colour = new() { Size = (5, 6), Mean = [0.1f, 0.2f, 0.3f], StandardDeviation = [0.5f, 0.6f, 0.7f] };

    private readonly PictureFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(0)]
    [InlineData(long.MaxValue)]
    public void Examples_are_what_a_prediction_sees(long cacheBytes)
    {
        _folder.WriteClasses(".", 2, 3);
        using ImageDataset dataset = Open(new ImageDatasetOptions { Preprocessing = Colour, CacheBytes = cacheBytes });

        Assert.Equal([5, 6, 3], dataset.InputShape.Select(extent => extent.Value));
        Assert.Equal(6, dataset.Count);
        for (int time = 0; time < 2; time++)
        {
            for (int index = 0; index < dataset.Count; index++)
            {
                (float[] input, float target) = ReadOne(dataset, index);
                Assert.Equal(index / 3, target);
                Assert.Equal(ImageFile.Read(dataset.Name(index)).ToTensor(Colour), input);
            }
        }
    }

    [Fact]
    public void Rounded_pixels_are_whole()
    {
        _folder.WriteClasses(".", 2, 1);
        ImagePreprocessing plain = new() { Size = (5, 6), Scale = 1 };
        foreach (long cacheBytes in (long[])[0, 1000])
        {
            using ImageDataset rounded = Open(new ImageDatasetOptions { Preprocessing = plain, RoundPixels = true, CacheBytes = cacheBytes });
            using ImageDataset exact = Open(new ImageDatasetOptions { Preprocessing = plain, CacheBytes = cacheBytes });

            for (int time = 0; time < 2; time++)
            {
                Assert.Equal(ReadOne(exact, 1).Input.Select(value => MathF.Round(value)), ReadOne(rounded, 1).Input);
                Assert.Contains(ReadOne(exact, 1).Input, value => value != MathF.Round(value));
            }
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(8)]
    public void Threads_and_reading_ahead_make_no_difference(int threads)
    {
        _folder.WriteClasses(".", 3, 30);
        int[] order = [.. Enumerable.Range(0, 90)];
        new RandomStream(1, 2).Shuffle<int>(order);
        using ImageDataset ahead = Open(Random(threads));
        using ImageDataset alone = Open(Random(1));
        for (int epoch = 0; epoch < 3; epoch++)
        {
            ahead.Prepare(epoch, order, batchSize: 32);
            alone.Prepare(epoch, ReadOnlyMemory<int>.Empty, batchSize: 32);
            for (int start = 0; start < order.Length; start += 32)
            {
                int[] batch = order[start..Math.Min(start + 32, order.Length)];
                Assert.Equal(Read(alone, batch), Read(ahead, batch));
            }
        }
    }

    [Fact]
    public void Every_epoch_augments_anew_and_evaluation_does_not()
    {
        _folder.WriteClasses(".", 2, 2);
        using ImageDataset dataset = Open(Random(2));
        Assert.False(dataset.IsFixed);
        float[][] epochs = [.. Enumerable.Range(0, 3).Select(epoch =>
        {
            dataset.Prepare(epoch, new[] { 0 }, 1);
            return ReadOne(dataset, 0).Input;
        })];

        Assert.NotEqual(epochs[0], epochs[1]);
        Assert.NotEqual(epochs[1], epochs[2]);
        using ImageDataset plain = Open(Random(2) with { Augmentations = [] });
        Assert.True(plain.IsFixed);
        Assert.Equal(ReadOne(plain, 0).Input, epochs[0]);
    }

    [Fact]
    public void An_epoch_may_be_broken_off_and_read_out_of_order()
    {
        _folder.WriteClasses(".", 2, 40);
        using ImageDataset dataset = Open(Random(3));
        int[] order = [.. Enumerable.Range(0, 80)];
        for (int time = 0; time < 20; time++)
        {
            dataset.Prepare(1, order, batchSize: 4);
            Read(dataset, order[..4]);
        }

        float[] expected = Read(dataset, [4, 5, 6, 7]);
        dataset.Prepare(1, order, batchSize: 4);
        Assert.Equal(expected, Read(dataset, [4, 5, 6, 7]));
        Read(dataset, order[..4]);
        Assert.Equal(expected, Read(dataset, [4, 5, 6, 7]));
    }

    [Fact]
    public void Damaged_pictures_are_named_and_left_out()
    {
        _folder.WriteClasses(".", 2, 4);
        _folder.Write("a/001.png", "no picture"u8);
        _folder.Write("b/002.png", File.ReadAllBytes(_folder.Full("b/002.png")).AsSpan(0, 60));
        _folder.Write("b/003.png", []);
        int done = 0;

        ImageFolder folder = ImageFolder.Scan(_folder.Root);
        using ImageDataset dataset = ImageDataset.Open(
            folder.Train, folder.ClassNames, new ImageDatasetOptions { Preprocessing = Colour }, count => Interlocked.Increment(ref done));

        Assert.Equal((8, 5), (done, dataset.Count));
        Assert.Equal(["a/001.png", "b/002.png", "b/003.png"], dataset.Skipped.Select(image => Path.GetRelativePath(_folder.Root, image.Path)));
        Assert.StartsWith("it begins with 6E6F2070", dataset.Skipped[0].Reason, StringComparison.Ordinal);
        Assert.Equal("the file is empty. Expected a picture (JPEG, PNG, WebP or BMP).", dataset.Skipped[2].Reason);
        Assert.Equal([0, 0, 0, 1, 1], Enumerable.Range(0, 5).Select(dataset.Label));
    }

    [Fact]
    public void A_class_without_a_sound_picture_is_refused()
    {
        _folder.WriteClasses(".", 2, 1);
        _folder.Write("b/000.png", "no picture"u8);

        var error = Assert.Throws<DataException>(() => Open(new ImageDatasetOptions { Preprocessing = Colour }));

        Assert.StartsWith("No picture of the class 'b' can be decoded", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_picture_that_vanishes_while_training_stops_it()
    {
        _folder.WriteClasses(".", 2, 2);
        using ImageDataset dataset = Open(new ImageDatasetOptions { Preprocessing = Colour, CacheBytes = 0 });
        File.Delete(_folder.Full("b/000.png"));
        dataset.Prepare(1, new[] { 0, 1, 2, 3 }, 2);

        Read(dataset, [0, 1]);

        Assert.Contains("there is no such file", Assert.Throws<DataException>(() => Read(dataset, [2, 3])).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Images_in_memory_are_read_alike()
    {
        var idx = new IdxDataset(IdxFile.Read(IdxBytes.Make([3, 2, 2], [.. Enumerable.Range(0, 12).Select(value => (byte)(20 * value))]), "images"), IdxFile.Read(IdxBytes.Labels(0, 1, 1), "labels"));
        var options = new ImageDatasetOptions { Preprocessing = new() { Size = (2, 2), Channels = ImageChannels.Grey } };
        using ImageDataset some = ImageDataset.Of(idx, options, [2, 0]);
        using ImageDataset colour = ImageDataset.Of(idx, options with { Preprocessing = Colour });
        float[] expected = new float[4];
        idx.Read([2], expected, new float[1]);

        Assert.Equal((2, 1, "image 2"), (some.Count, some.Label(0), some.Name(0)));
        Assert.Equal(expected, ReadOne(some, 0).Input);
        Assert.Equal(colour.Image(1).ToTensor(Colour), ReadOne(colour, 1).Input);
    }

    private static ImageDatasetOptions Random(int threads) => new()
    {
        Preprocessing = Colour,
        Threads = threads,
        Seed = 5,
        RoundPixels = true,
        CacheBytes = 2000,
        Augmentations = [new RandomFlip(), new RandomZoom(), new RandomCrop(), new RandomRotation(), new RandomColor(), new Cutout()],
    };

    private ImageDataset Open(ImageDatasetOptions options)
    {
        ImageFolder folder = ImageFolder.Scan(_folder.Root);
        return ImageDataset.Open(folder.Train, folder.ClassNames, options);
    }

    private static (float[] Input, float Target) ReadOne(ImageDataset dataset, int index)
    {
        var input = new float[dataset.InputShape.ElementCount.Value];
        var target = new float[1];
        dataset.Read([index], input, target);
        return (input, target[0]);
    }

    private static float[] Read(ImageDataset dataset, int[] indices)
    {
        var inputs = new float[indices.Length * dataset.InputShape.ElementCount.Value];
        dataset.Read(indices, inputs, new float[indices.Length]);
        return inputs;
    }
}
