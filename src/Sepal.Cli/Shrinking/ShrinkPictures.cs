using System.Collections.Immutable;
using System.Globalization;
using Sepal.Cli.Classification;
using Sepal.Cli.Framework;
using Sepal.Data;
using Sepal.Shrinking;

namespace Sepal.Cli.Shrinking;

/// <summary>
/// The images of <c>sepal shrink</c>, divided: to correct and fine-tune on, to choose by, and for the report. What the network was
/// trained on would flatter it: where there are images that it has not seen, those alone are measured on.
/// </summary>
internal sealed class ShrinkPictures : IDisposable
{
    // Of images that nothing divides, so many are not trained on: half of these are chosen by, the others are for the report.
    private const double MeasuredShare = 0.5;

    private readonly ImageDataset _training;
    private readonly ImageDataset _search;
    private readonly ImageDataset? _heldOut;

    private ShrinkPictures(ImageDataset training, ImageDataset search, ImageDataset? heldOut, ImmutableArray<SkippedImage> missing, bool hasLabels, bool wereTrainedOn)
    {
        _training = training;
        _search = search;
        _heldOut = heldOut;
        WereTrainedOn = wereTrainedOn;
        Data = new ShrinkData(training, search) { HeldOut = heldOut, HasLabels = hasLabels };
        Skipped = [.. missing, .. new[] { training, search, heldOut }.OfType<ImageDataset>().SelectMany(images => images.Skipped)];
    }

    /// <summary>The images.</summary>
    public ShrinkData Data { get; }

    /// <summary>Pictures that could not be used.</summary>
    public ImmutableArray<SkippedImage> Skipped { get; }

    /// <summary>Whether the network may have been trained on the very images that it is measured on.</summary>
    public bool WereTrainedOn { get; }

    /// <summary>Opens the images.</summary>
    /// <param name="directory">MNIST-format files, folders of pictures, or pictures without labels.</param>
    /// <param name="usesLabels">Whether labels are used, where there are some.</param>
    /// <param name="classNames">The model's classes; empty where it has no names for them.</param>
    /// <param name="classCount">How many classes the model tells apart; null for a model that does not classify.</param>
    /// <param name="options">How images become examples; those to measure on are not augmented.</param>
    /// <param name="limit">How many images to train on are enough; null for all.</param>
    /// <param name="terminal">Where progress and warnings go.</param>
    /// <param name="cancellation">Interrupts.</param>
    /// <returns>The images; dispose of them at the end.</returns>
    /// <exception cref="SepalException">There are too few, or they do not fit the model.</exception>
    public static ShrinkPictures Open(
        string directory,
        bool usesLabels,
        ImmutableArray<string> classNames,
        int? classCount,
        ImageDatasetOptions options,
        int? limit,
        Terminal terminal,
        CancellationToken cancellation)
    {
        ImageDatasetOptions plain = options with { Augmentations = [], RoundPixels = false, CacheBytes = options.CacheBytes / 4 };
        bool hasLabels = usesLabels && classCount is not null;
        ShrinkPictures pictures = Mnist.IsDataset(directory)
            ? OfIdx(directory, hasLabels, classCount, options, plain, limit)
            : OfFolder(directory, hasLabels, classNames, classCount, options, plain, limit, terminal, cancellation);
        foreach (SkippedImage image in pictures.Skipped)
        {
            terminal.Error.WriteLine($"sepal: warning: {image.Path} is skipped: {image.Reason}");
        }

        if (pictures.WereTrainedOn)
        {
            terminal.Error.WriteLine(
                $"sepal: warning: {directory} has no val or test folder: if the model was trained on these very pictures, it does better on them than on others, before and after.");
        }

        return pictures;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _training.Dispose();
        _search.Dispose();
        _heldOut?.Dispose();
    }

    private static ShrinkPictures OfIdx(
        string directory, bool hasLabels, int? classCount, ImageDatasetOptions options, ImageDatasetOptions plain, int? limit)
    {
        (IdxDataset train, IdxDataset test) = Mnist.Load(directory);
        if (hasLabels)
        {
            LabelledPictures.Numbers([], train.ClassCount, [], classCount!.Value);
        }

        (ImmutableArray<int> search, ImmutableArray<int> heldOut) = Halves(Enumerable.Range(0, test.Count));
        return new ShrinkPictures(
            ImageDataset.Of(train, options, Spread([.. Enumerable.Range(0, train.Count)], limit)),
            ImageDataset.Of(test, plain, search),
            heldOut.IsEmpty ? null : ImageDataset.Of(test, plain, heldOut),
            [],
            hasLabels,
            wereTrainedOn: false);
    }

    private static ShrinkPictures OfFolder(
        string directory,
        bool usesLabels,
        ImmutableArray<string> modelNames,
        int? classCount,
        ImageDatasetOptions options,
        ImageDatasetOptions plain,
        int? limit,
        Terminal terminal,
        CancellationToken cancellation)
    {
        bool isFlat = !ImageFolder.HasFolders(directory) && ImageFolder.HasPictures(directory);
        bool hasLabels = usesLabels && !isFlat;
        ImageFolder folder = isFlat || (!usesLabels && !HasParts(directory)) ? ImageFolder.ScanUnlabelled(directory) : ImageFolder.Scan(directory);
        int[]? numbers = hasLabels ? LabelledPictures.Numbers(folder.ClassNames, folder.ClassNames.Length, modelNames, classCount!.Value) : null;
        ImmutableArray<string> names = numbers is null ? folder.ClassNames : modelNames;
        (ImmutableArray<LabelledImage> training, ImmutableArray<LabelledImage> search, ImmutableArray<LabelledImage> heldOut, bool trainedOn) = Divide(folder, options.Seed);
        if (search.IsEmpty)
        {
            throw new SepalException(
                $"{directory}: it has {folder.Train.Length} {(folder.Train.Length == 1 ? "picture" : "pictures")}, too few to measure on. Give at least 4, better a few hundred.");
        }

        training = Spread(training, limit);
        using ProgressLine progress = terminal.Progress();
        int total = training.Length + search.Length + heldOut.Length;
        int before = 0;
        return new ShrinkPictures(
            Part(training, options)!, Part(search, plain)!, Part(heldOut, plain), folder.Skipped, hasLabels, trainedOn && hasLabels);

        ImageDataset? Part(ImmutableArray<LabelledImage> images, ImageDatasetOptions how)
        {
            if (images.IsEmpty)
            {
                return null;
            }

            int already = before;
            before += images.Length;
            return ImageDataset.Open(
                numbers is null ? images : [.. images.Select(image => image with { Label = numbers[image.Label] })],
                names,
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

    private static bool HasParts(string directory) =>
        Directory.Exists(Path.Combine(directory, "train")) || Directory.Exists(Path.Combine(directory, "training"));

    private static (ImmutableArray<LabelledImage> Training, ImmutableArray<LabelledImage> Search, ImmutableArray<LabelledImage> HeldOut, bool TrainedOn)
        Divide(ImageFolder folder, ulong seed)
    {
        if (!folder.Validation.IsEmpty && !folder.Test.IsEmpty)
        {
            return (folder.Train, folder.Validation, folder.Test, false);
        }

        ImmutableArray<LabelledImage> unseen = folder.Validation.IsEmpty ? folder.Test : folder.Validation;
        if (unseen.Length > 1)
        {
            (ImmutableArray<LabelledImage> one, ImmutableArray<LabelledImage> other) = Halves(unseen);
            return (folder.Train, one, other, false);
        }

        // Half of them to train on, a quarter to choose by, a quarter for the report; the same share of every class.
        (ImmutableArray<int> training, ImmutableArray<int> rest) = ImageSplit.Stratified(
            [.. folder.Train.Select(image => image.Label)], MeasuredShare, seed);
        (ImmutableArray<int> search, ImmutableArray<int> heldOut) = Halves(rest);
        return (Of(training), Of(search), Of(heldOut), true);

        ImmutableArray<LabelledImage> Of(ImmutableArray<int> indices) => [.. indices.Select(index => folder.Train[index])];
    }

    /// <summary>Every second one and the others: of images in the order of their classes, half of each class.</summary>
    private static (ImmutableArray<T> Even, ImmutableArray<T> Odd) Halves<T>(IEnumerable<T> all) =>
        ([.. all.Where((_, index) => index % 2 == 0)], [.. all.Where((_, index) => index % 2 == 1)]);

    /// <summary>So many, spread evenly over all.</summary>
    private static ImmutableArray<T> Spread<T>(ImmutableArray<T> all, int? limit) =>
        limit is not { } count || count >= all.Length
            ? all
            : [.. Enumerable.Range(0, count).Select(index => all[(int)((long)index * all.Length / count)])];
}
