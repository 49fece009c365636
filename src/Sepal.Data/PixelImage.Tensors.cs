using System.Numerics.Tensors;
using Sepal.Onnx;

namespace Sepal.Data;

/// <content>Pictures as tensors.</content>
public sealed partial class PixelImage
{
    /// <summary>Prepares the picture for a model.</summary>
    /// <param name="preprocessing">Size, channels and scaling. A scale that is 1/n is taken as a division by n: 255 becomes 1.</param>
    /// <param name="inputSize">The model's height and width; may be left out where <paramref name="preprocessing"/> has a size.</param>
    /// <param name="channelsFirst">Whether the channels come before the rows, as in ONNX files.</param>
    /// <returns><c>[1, height, width, channels]</c>, or <c>[1, channels, height, width]</c> with <paramref name="channelsFirst"/>.</returns>
    /// <exception cref="DataException">There is no size, or a crop larger than what it is cut out of.</exception>
    public Tensor<float> ToTensor(ImagePreprocessing preprocessing, Size2D? inputSize = null, bool channelsFirst = false)
    {
        ArgumentNullException.ThrowIfNull(preprocessing);
        Size2D size = preprocessing.Size ?? inputSize
            ?? throw new DataException("The size that pictures are resized to is not known. Give the model's height and width.");
        int channels = preprocessing.Channels == ImageChannels.Grey ? 1 : 3;
        var numbers = new float[checked(size.Height * size.Width * channels)];
        CopyTo(numbers, preprocessing, size, channelsFirst);
        return Tensor.Create(numbers, channelsFirst ? [1, channels, size.Height, size.Width] : [1, size.Height, size.Width, channels]);
    }

    /// <summary>Prepares the picture for a model, in memory that is there: one place of a batch.</summary>
    /// <param name="destination">Height · width · channels numbers, in the order of <see cref="ToTensor"/>.</param>
    /// <param name="preprocessing">As for <see cref="ToTensor"/>.</param>
    /// <param name="inputSize">The model's height and width.</param>
    /// <param name="channelsFirst">Whether the channels come before the rows, as in ONNX files.</param>
    /// <exception cref="ArgumentException">The room does not fit.</exception>
    /// <exception cref="DataException">The sizes contradict each other.</exception>
    public void CopyTo(Span<float> destination, ImagePreprocessing preprocessing, Size2D inputSize, bool channelsFirst = false)
    {
        ArgumentNullException.ThrowIfNull(preprocessing);
        if (preprocessing.Size is { } size && size != inputSize)
        {
            throw new DataException($"Pictures are to be {size}, but the model takes {inputSize}. Leave one of the sizes out.");
        }

        var normalization = new PixelNormalization(preprocessing);
        int channels = normalization.Channels;
        int area = checked(inputSize.Height * inputSize.Width);
        if (destination.Length != area * channels)
        {
            throw new ArgumentException(
                $"There is room for {destination.Length} numbers; {inputSize} with {channels} channels takes {area * channels}.", nameof(destination));
        }

        float[] resized = ImageFit.Resize(this, channels, inputSize, preprocessing.ShorterSide);
        normalization.Apply(resized, destination, channelsFirst);
    }
}
