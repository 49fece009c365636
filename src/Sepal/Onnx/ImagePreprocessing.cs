using System.Collections.Immutable;

namespace Sepal.Onnx;

/// <summary>The order of an image's channels.</summary>
public enum ImageChannels
{
    /// <summary>Red, green, blue.</summary>
    Rgb,

    /// <summary>Blue, green, red.</summary>
    Bgr,

    /// <summary>One channel, the luminance.</summary>
    Grey,
}

/// <summary>
/// What is done to an image before it enters a model's graph: its size, its channels, and the scaling of its pixels to
/// <c>(pixel·Scale − Mean) / StandardDeviation</c>. What the graph itself does (a <c>Rescaling</c> layer) is no part of it.
/// </summary>
public sealed record ImagePreprocessing
{
    /// <summary>Pixels between 0 and 1, and nothing else.</summary>
    public static ImagePreprocessing ZeroToOne { get; } = new();

    /// <summary>
    /// What the models of torchvision are trained on: the shorter side resized to 256, the middle 224×224, and ImageNet's mean
    /// and standard deviation.
    /// </summary>
    public static ImagePreprocessing ImageNet { get; } = new()
    {
        Size = 224,
        ShorterSide = 256,
        Mean = [0.485f, 0.456f, 0.406f],
        StandardDeviation = [0.229f, 0.224f, 0.225f],
    };

    /// <summary>The height and width that enter the graph; the graph input's own where not given.</summary>
    public Size2D? Size { get; init; }

    /// <summary>
    /// Where given, an image keeps its proportions: it is resized until its shorter side has so many pixels, and its middle is
    /// cut out. Otherwise it is stretched to <see cref="Size"/>.
    /// </summary>
    public int? ShorterSide { get; init; }

    /// <summary>The order of the channels.</summary>
    public ImageChannels Channels { get; init; } = ImageChannels.Rgb;

    /// <summary>The factor for pixels, which lie between 0 and 255.</summary>
    public float Scale { get; init; } = 1f / 255;

    /// <summary>Subtracted after scaling, a number for each channel in <see cref="Channels"/>' order; empty for none.</summary>
    public ImmutableArray<float> Mean { get; init; } = [];

    /// <summary>Divided by at the end, a number for each channel in <see cref="Channels"/>' order; empty for none.</summary>
    public ImmutableArray<float> StandardDeviation { get; init; } = [];

    /// <summary>Refuses numbers that no image can be prepared by.</summary>
    /// <exception cref="OnnxException">A size is not positive, or a number is not finite or divides by zero.</exception>
    internal void Require()
    {
        int channels = Channels == ImageChannels.Grey ? 1 : 3;
        if (Size is { Height: < 1 } or { Width: < 1 } || ShorterSide < 1)
        {
            throw new OnnxException($"The preprocessing has the size {Size} and the shorter side {ShorterSide}. Give at least one pixel.");
        }

        if (!Enum.IsDefined(Channels) || !float.IsFinite(Scale) || !Fits(Mean) || !Fits(StandardDeviation) || StandardDeviation.Contains(0))
        {
            throw new OnnxException(
                $"The preprocessing has the scale {Scale}, the mean [{Join(Mean)}] and the standard deviation [{Join(StandardDeviation)}] "
                + $"for the channels {Channels}. Expected finite numbers, none or {channels} for mean and standard deviation, and no division by zero.");
        }

        bool Fits(ImmutableArray<float> numbers) => !numbers.IsDefault && (numbers.IsEmpty || numbers.Length == channels) && numbers.All(float.IsFinite);

        static string Join(ImmutableArray<float> numbers) => numbers.IsDefault ? string.Empty : string.Join(", ", numbers);
    }
}
