using Sepal.Data;
using Sepal.Graphs;
using Sepal.Inference;
using Sepal.Onnx;

namespace Sepal.Cli.Classification;

/// <summary>How images become the input of a model: what its metadata or options say, fitted to the input's shape.</summary>
internal sealed class ImageInput
{
    private readonly TensorInfo _input;
    private readonly ImagePreprocessing _preprocessing;
    private readonly bool _channelsFirst;
    private readonly Size2D _size;

    /// <summary>Fits a description to a model.</summary>
    /// <param name="session">The model.</param>
    /// <param name="preprocessing">What is said of the preparation; null where nothing is, and bytes become 0 to 1.</param>
    /// <exception cref="SepalException">The model does not take images, or not such images.</exception>
    public ImageInput(InferenceSession session, ImagePreprocessing? preprocessing)
    {
        _input = session.Inputs is [{ ElementType: ElementType.Float32, IsRankKnown: true, Shape.Rank: 4 } only]
            ? only
            : throw new SepalException(
                $"The model's inputs are {string.Join(", ", session.Inputs)}, where images were expected: one input of four dimensions of "
                + "32-bit floats. 'sepal run' runs any model.");

        // Files hold channels first; Sepal's own models, last. An image has one or three of them.
        _channelsFirst = IsChannels(_input.Shape[1]);
        if (!_channelsFirst && !IsChannels(_input.Shape[3]))
        {
            throw new SepalException($"The model's input is {_input}, where images with 1 or 3 channels were expected. 'sepal run' runs any model.");
        }

        int channels = (int)_input.Shape[_channelsFirst ? 1 : 3].Value;
        _preprocessing = preprocessing ?? new ImagePreprocessing { Channels = channels == 1 ? ImageChannels.Grey : ImageChannels.Rgb };
        if ((_preprocessing.Channels == ImageChannels.Grey) != (channels == 1))
        {
            throw new SepalException(
                $"The model's input {_input} has {channels} {(channels == 1 ? "channel" : "channels")}, but images are to be prepared as {_preprocessing.Channels}. Say --channels.");
        }

        _size = new Size2D(Extent(0), Extent(1));
    }

    private Dimension Open(int spatialAxis) => _input.Shape[(_channelsFirst ? 2 : 1) + spatialAxis];

    /// <summary>Values for the input's open dimensions.</summary>
    /// <param name="batchSize">The batch.</param>
    /// <returns>By name.</returns>
    public Dictionary<string, long> OpenDimensions(int batchSize)
    {
        var dimensions = new Dictionary<string, long>(StringComparer.Ordinal);
        foreach ((Dimension dimension, long value) in (ReadOnlySpan<(Dimension, long)>)
            [(_input.Shape[0], batchSize), (Open(0), _size.Height), (Open(1), _size.Width)])
        {
            if (dimension.IsKnown)
            {
                continue;
            }

            dimensions.TryAdd(dimension.ToString(), value);
        }

        return dimensions;
    }

    /// <summary>Prepares an image.</summary>
    /// <param name="image">The image.</param>
    /// <param name="destination">One place of the input's batch.</param>
    public void CopyTo(PixelImage image, Span<float> destination) => image.CopyTo(destination, _preprocessing, _size, _channelsFirst);

    private static bool IsChannels(Dimension dimension) => dimension == 1 || dimension == 3;

    /// <summary>Height or width: the model's, or where that is open, what the preparation says.</summary>
    private int Extent(int spatialAxis)
    {
        int? wanted = _preprocessing.Size is { } size ? (spatialAxis == 0 ? size.Height : size.Width) : null;
        Dimension own = Open(spatialAxis);
        if (!own.IsKnown)
        {
            return wanted ?? throw new SepalException(
                $"The model's input {_input} leaves the images' size open, and so does its metadata. Say --size, for example --size 224.");
        }

        return wanted is null || own == wanted.Value
            ? checked((int)own.Value)
            : throw new SepalException($"The model's input is {_input}, but images are to be prepared as {_preprocessing.Size}. Say the model's own size with --size.");
    }
}
