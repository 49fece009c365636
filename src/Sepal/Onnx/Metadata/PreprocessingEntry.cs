using System.Collections.Immutable;

namespace Sepal.Onnx.Metadata;

/// <summary>
/// <see cref="ImagePreprocessing"/> as the file has it. What an entry leaves out has the same value as if nothing had been said:
/// people write such entries by hand.
/// </summary>
internal sealed class PreprocessingEntry
{
    /// <summary>Height, width.</summary>
    public int[]? Size { get; set; }

    public int? ShorterSide { get; set; }

    public ImageChannels Channels { get; set; } = ImageChannels.Rgb;

    public float Scale { get; set; } = 1f / 255;

    public float[] Mean { get; set; } = [];

    public float[] StandardDeviation { get; set; } = [];

    public static PreprocessingEntry Of(ImagePreprocessing preprocessing) => new()
    {
        Size = preprocessing.Size is { } size ? [size.Height, size.Width] : null,
        ShorterSide = preprocessing.ShorterSide,
        Channels = preprocessing.Channels,
        Scale = preprocessing.Scale,
        Mean = [.. preprocessing.Mean],
        StandardDeviation = [.. preprocessing.StandardDeviation],
    };

    /// <exception cref="OnnxException">The numbers make no sense.</exception>
    public ImagePreprocessing ToPreprocessing()
    {
        if (Size is not (null or [_, _]))
        {
            throw new OnnxException($"The preprocessing has the size [{string.Join(", ", Size)}]. Expected a height and a width.");
        }

        var preprocessing = new ImagePreprocessing
        {
            Size = Size is [var height, var width] ? new Size2D(height, width) : null,
            ShorterSide = ShorterSide,
            Channels = Channels,
            Scale = Scale,
            Mean = ImmutableArray.Create(Mean),
            StandardDeviation = ImmutableArray.Create(StandardDeviation),
        };
        preprocessing.Require();
        return preprocessing;
    }
}
