using System.Collections.Immutable;
using System.Globalization;
using Sepal.Cli.Framework;
using Sepal.Data;

namespace Sepal.Cli.Training;

/// <summary>The images of a training run, opened: to train on, to choose the best epoch by, and to test on at the end.</summary>
internal sealed class TrainingData : IDisposable
{
    private TrainingData(DataSource source, ImageDataset train, ImageDataset? validation, ImageDataset? test)
    {
        Train = train;
        Validation = validation;
        Test = test;
        Skipped =
        [
            .. source.Folder?.Skipped ?? [],
            .. new[] { train, validation, test }.OfType<ImageDataset>().SelectMany(dataset => dataset.Skipped),
        ];
        int[] counts = new int[train.ClassNames.Count];
        for (int index = 0; index < train.Count; index++)
        {
            counts[train.Label(index)]++;
        }

        ClassCounts = [.. counts];
    }

    /// <summary>To train on.</summary>
    public ImageDataset Train { get; }

    /// <summary>To measure on after every epoch; null where nothing is held out.</summary>
    public ImageDataset? Validation { get; }

    /// <summary>To measure on at the end; null where there is no such set.</summary>
    public ImageDataset? Test { get; }

    /// <summary>Pictures that could not be used.</summary>
    public ImmutableArray<SkippedImage> Skipped { get; }

    /// <summary>Images of each class to train on.</summary>
    public ImmutableArray<int> ClassCounts { get; }

    /// <summary>Opens the images.</summary>
    /// <param name="source">Where they are.</param>
    /// <param name="options">How images to train on become examples; those to measure on are neither augmented nor rounded.</param>
    /// <param name="share">The share that is held out for validation where there is no folder for it.</param>
    /// <param name="limit">How many images to train on at the most; null for all.</param>
    /// <param name="terminal">Where progress and warnings go.</param>
    /// <param name="cancellation">Interrupts.</param>
    /// <returns>The images; dispose of them when training is over.</returns>
    /// <exception cref="SepalException">There is nothing left to train on.</exception>
    public static TrainingData Open(
        DataSource source, ImageDatasetOptions options, double share, int? limit, Terminal terminal, CancellationToken cancellation)
    {
        ImageDatasetOptions plain = options with { Augmentations = [], RoundPixels = false, CacheBytes = options.CacheBytes / 4 };
        TrainingData data = source.Idx is { } idx
            ? OfIdx(source, idx, options, plain, share, limit)
            : OfFolder(source, source.Folder!, options, plain, share, limit, terminal, cancellation);
        foreach (SkippedImage image in data.Skipped)
        {
            terminal.Error.WriteLine($"sepal: warning: {image.Path} is skipped: {image.Reason}");
        }

        return data;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Train.Dispose();
        Validation?.Dispose();
        Test?.Dispose();
    }

    private static TrainingData OfIdx(
        DataSource source,
        (IdxDataset Train, IdxDataset Test) idx,
        ImageDatasetOptions options,
        ImageDatasetOptions plain,
        double share,
        int? limit)
    {
        int[] labels = [.. Enumerable.Range(0, idx.Train.Count).Select(idx.Train.Label)];
        (ImmutableArray<int> train, ImmutableArray<int> validation) = Split(labels, share, limit, options.Seed);
        return new TrainingData(
            source,
            ImageDataset.Of(idx.Train, options, train),
            validation.IsEmpty ? null : ImageDataset.Of(idx.Train, plain, validation),
            ImageDataset.Of(idx.Test, plain));
    }

    private static TrainingData OfFolder(
        DataSource source,
        ImageFolder folder,
        ImageDatasetOptions options,
        ImageDatasetOptions plain,
        double share,
        int? limit,
        Terminal terminal,
        CancellationToken cancellation)
    {
        int[] labels = [.. folder.Train.Select(image => image.Label)];
        (ImmutableArray<int> train, ImmutableArray<int> held) = Split(labels, folder.Validation.IsEmpty ? share : 0, limit, options.Seed);
        ImmutableArray<LabelledImage> validation = folder.Validation.IsEmpty ? [.. held.Select(index => folder.Train[index])] : folder.Validation;
        using ProgressLine progress = terminal.Progress();
        int total = train.Length + validation.Length + folder.Test.Length;
        int before = 0;
        ImageDataset training = OpenPart([.. train.Select(index => folder.Train[index])], options)!;
        return new TrainingData(source, training, OpenPart(validation, plain), OpenPart(folder.Test, plain));

        ImageDataset? OpenPart(ImmutableArray<LabelledImage> images, ImageDatasetOptions how)
        {
            if (images.IsEmpty)
            {
                return null;
            }

            int already = before;
            before += images.Length;
            return ImageDataset.Open(
                images,
                source.ClassNames,
                how,
                done =>
                {
                    if (done % 16 == 0)
                    {
                        progress.Show(string.Create(CultureInfo.InvariantCulture, $"checking pictures: {already + done:N0} of {total:N0}"));
                    }
                },
                cancellation);
        }
    }

    /// <summary>The validation images come out of all of them, so that a limit does not make validation coarser.</summary>
    private static (ImmutableArray<int> Train, ImmutableArray<int> Validation) Split(int[] labels, double share, int? limit, ulong seed)
    {
        (ImmutableArray<int> train, ImmutableArray<int> validation) = ImageSplit.Stratified(labels, share, seed);
        if (limit is { } most && most < train.Length)
        {
            // As many of every class as of the whole, and the same ones for the same seed.
            int[] left = [.. train.Select(index => labels[index])];
            ImmutableArray<int> taken = ImageSplit.Stratified(left, (double)most / left.Length, seed + 1).Validation;
            train = [.. taken.Select(index => train[index])];
        }

        return (train, validation);
    }
}
