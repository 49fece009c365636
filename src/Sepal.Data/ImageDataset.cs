using System.Collections.Immutable;
using Sepal.Data.Augmentations;
using Sepal.Graphs;
using Sepal.Onnx;
using Sepal.Randomness;
using Sepal.Training;

namespace Sepal.Data;

/// <summary>
/// Labelled pictures as a model takes them: decoded, resized, augmented and scaled on threads of its own while training goes
/// on. They are never all in memory; what is kept of them is bounded.
/// </summary>
public sealed class ImageDataset : Dataset, IDisposable
{
    private readonly ImageSource _source;
    private readonly ResizedImages _images;
    private readonly ImmutableArray<int> _indices;
    private readonly PixelNormalization _normalization;
    private readonly ImageDatasetOptions _options;
    private readonly Size2D _size;
    private readonly ImageBuffer?[] _buffers;
    private int _epoch;
    private ReadAhead? _ahead;

    private ImageDataset(
        ImageSource source,
        IReadOnlyList<string> classNames,
        ImageDatasetOptions options,
        Func<ResizedImages, int, (ImmutableArray<int> Good, ImmutableArray<SkippedImage> Skipped)> select)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(options.Threads, 1, nameof(options));
        _source = source;
        _options = options;
        _size = options.Preprocessing.Size
            ?? throw new DataException("The size that pictures are resized to is not known. Give the model's height and width.");
        _normalization = new PixelNormalization(options.Preprocessing);
        int channels = _normalization.Channels;
        _images = new ResizedImages(source, channels, _size, options.Preprocessing.ShorterSide, options.RoundPixels, options.CacheBytes);

        // One for each thread, and the last for whoever reads out of order.
        _buffers = new ImageBuffer?[options.Threads + 1];
        ClassNames = classNames;
        InputShape = [_size.Height, _size.Width, channels];
        (_indices, Skipped) = select(_images, checked(_size.Height * _size.Width * channels));
    }

    /// <inheritdoc/>
    public override int Count => _indices.Length;

    /// <inheritdoc/>
    public override Shape InputShape { get; }

    /// <inheritdoc/>
    public override Shape TargetShape => Shape.Scalar;

    /// <inheritdoc/>
    public override IReadOnlyList<string> ClassNames { get; }

    /// <inheritdoc/>
    public override bool IsFixed => _options.Augmentations.Count == 0;

    /// <summary>Pictures that could not be decoded and are left out.</summary>
    public ImmutableArray<SkippedImage> Skipped { get; }

    /// <summary>How pictures are prepared.</summary>
    public ImagePreprocessing Preprocessing => _options.Preprocessing;

    private int Length => _size.Height * _size.Width * _normalization.Channels;

    /// <summary>
    /// Opens files. Each is decoded once, on several threads, so that a damaged one is found now and not in the middle of training;
    /// what it is resized to is kept as far as there is room.
    /// </summary>
    /// <param name="images">The files and their classes.</param>
    /// <param name="classNames">What the classes are called.</param>
    /// <param name="options">How they become examples.</param>
    /// <param name="progress">Is told how many have been looked at; called by several threads.</param>
    /// <param name="cancellation">Ends the looking.</param>
    /// <returns>The data set, without the pictures that cannot be decoded; dispose of it when training is over.</returns>
    /// <exception cref="DataException">No picture of a class that has any can be decoded, or the options do not fit together.</exception>
    public static ImageDataset Open(
        ImmutableArray<LabelledImage> images,
        IReadOnlyList<string> classNames,
        ImageDatasetOptions options,
        Action<int>? progress = null,
        CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(classNames);
        ArgumentNullException.ThrowIfNull(options);
        var source = new FileSource(images);
        return new ImageDataset(source, classNames, options, (resized, length) =>
        {
            var found = ImageCheck.Run(source, resized, length, options.Threads, progress, cancellation);
            ImageCheck.RequireClasses(source, found.Good, classNames);
            return found;
        });
    }

    /// <summary>Takes images in memory.</summary>
    /// <param name="images">The images.</param>
    /// <param name="options">How they become examples.</param>
    /// <param name="indices">Which of the images; all where not given.</param>
    /// <returns>The data set; dispose of it when training is over.</returns>
    /// <exception cref="DataException">The images have other channels than 1 or 3, or the options do not fit together.</exception>
    public static ImageDataset Of(IdxDataset images, ImageDatasetOptions options, ImmutableArray<int>? indices = null)
    {
        ArgumentNullException.ThrowIfNull(images);
        ArgumentNullException.ThrowIfNull(options);
        return new ImageDataset(
            new IdxSource(images), images.ClassNames, options, (_, _) => (indices ?? [.. Enumerable.Range(0, images.Count)], []));
    }

    /// <summary>A picture's class.</summary>
    /// <param name="index">From 0 to just below <see cref="Count"/>.</param>
    /// <returns>The class's number.</returns>
    public int Label(int index) => _source.Label(_indices[index]);

    /// <summary>What reports call a picture: its path, or its number in the file.</summary>
    /// <param name="index">From 0 to just below <see cref="Count"/>.</param>
    /// <returns>The name.</returns>
    public string Name(int index) => _source.Name(_indices[index]);

    /// <summary>A picture as it is in its file.</summary>
    /// <param name="index">From 0 to just below <see cref="Count"/>.</param>
    /// <returns>The picture, in its own size.</returns>
    /// <exception cref="DataException">It cannot be read.</exception>
    public PixelImage Image(int index) => _source.Load(_indices[index]);

    /// <inheritdoc/>
    public override void Prepare(int epoch, ReadOnlyMemory<int> order, int batchSize)
    {
        float[]? memory = _ahead?.Memory;
        _ahead?.Dispose();
        _epoch = epoch;
        _ahead = order.IsEmpty ? null : new ReadAhead(order, batchSize, Length, _options.Threads, Render, memory);
    }

    /// <inheritdoc/>
    public override void Read(ReadOnlySpan<int> indices, Span<float> inputs, Span<float> targets)
    {
        if (_ahead?.TryRead(indices, inputs) is not true)
        {
            for (int position = 0; position < indices.Length; position++)
            {
                Render(_options.Threads, indices[position], inputs.Slice(position * Length, Length));
            }
        }

        for (int position = 0; position < indices.Length; position++)
        {
            targets[position] = Label(indices[position]);
        }
    }

    /// <summary>Ends the threads that read ahead.</summary>
    public void Dispose()
    {
        _ahead?.Dispose();
        _ahead = null;
    }

    private void Render(int worker, int index, Span<float> destination)
    {
        ImageBuffer buffer = _buffers[worker] ??= new ImageBuffer(_size, _normalization.Channels);
        _images.Read(_indices[index], buffer.Pixels);
        if (_epoch > 0 && _options.Augmentations.Count > 0)
        {
            var random = new RandomStream(_options.Seed, RandomStreams.Augmentation(_epoch, index));
            foreach (Augmentation augmentation in _options.Augmentations)
            {
                augmentation.Apply(buffer, random);
            }
        }

        _normalization.Apply(buffer.Pixels, destination);
    }
}
