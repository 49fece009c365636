using System.Collections.Immutable;
using System.Text.Json.Serialization;

namespace Sepal.Cli.Comparison;

/// <summary>What a comparison found so far: what was done, on what, and each finished network's figures.</summary>
internal sealed record ComparisonResult
{
    /// <summary>Whether all networks were trained; false after an interruption.</summary>
    public required bool Complete { get; init; }

    /// <summary>What was learnt from.</summary>
    public required DataDescription Data { get; init; }

    /// <summary>How it was learnt.</summary>
    public required ComparisonSettings Settings { get; init; }

    /// <summary>What it ran on.</summary>
    public required MachineDescription Machine { get; init; }

    /// <summary>The finished networks, in the order in which they were trained.</summary>
    public required ImmutableArray<NetworkResult> Networks { get; init; }

    /// <summary>What the figures say, in sentences.</summary>
    public string Verdict => Findings.Verdict(this);

    /// <summary>What separability saved and what it cost, in a paragraph.</summary>
    public string Summary => Findings.Summary(this);

    /// <summary>A finished network by its name.</summary>
    /// <param name="name">One of <see cref="NetworkNames"/>.</param>
    /// <returns>The network; null where it was not finished.</returns>
    public NetworkResult? Find(string name) => Networks.FirstOrDefault(network => network.Name == name);
}

/// <summary>A data set.</summary>
/// <param name="Name">Its directory, as the user gave it.</param>
/// <param name="TrainImages">Images trained on.</param>
/// <param name="TestImages">Images tested on.</param>
/// <param name="ImageShape">Height, width, channels.</param>
/// <param name="Classes">How many classes.</param>
internal sealed record DataDescription(string Name, int TrainImages, int TestImages, ImmutableArray<int> ImageShape, int Classes);

/// <summary>The options that decide a comparison's figures.</summary>
/// <param name="Epochs">Times through the training images.</param>
/// <param name="BatchSize">Images a step.</param>
/// <param name="Seed">The seed of the weights and of the order.</param>
/// <param name="Threads">Threads that trained. Latency is always measured on one.</param>
/// <param name="Optimizer">The optimizer's name.</param>
internal sealed record ComparisonSettings(int Epochs, int BatchSize, ulong Seed, int Threads, string Optimizer);

/// <summary>A machine, as far as it decides the times.</summary>
/// <param name="Cores">Logical processors.</param>
/// <param name="Architecture">The processor's architecture, and its vectors.</param>
/// <param name="Runtime">The .NET version.</param>
internal sealed record MachineDescription(int Cores, string Architecture, string Runtime);

/// <summary>One network's figures.</summary>
internal sealed record NetworkResult
{
    /// <summary>One of <see cref="NetworkNames"/>.</summary>
    public required string Name { get; init; }

    /// <summary>What it is, a phrase.</summary>
    public required string Description { get; init; }

    /// <summary>Trainable parameters of its convolutions, biases included.</summary>
    public required long ConvolutionParameters { get; init; }

    /// <summary>All trainable parameters.</summary>
    public required long Parameters { get; init; }

    /// <summary>Multiply-adds of its convolutions, an image.</summary>
    public required long ConvolutionMacs { get; init; }

    /// <summary>All multiply-adds, an image.</summary>
    public required long Macs { get; init; }

    /// <summary>The share of the test images that it gets right.</summary>
    public required double TestAccuracy { get; init; }

    /// <summary>The mean loss on the test images.</summary>
    public required double TestLoss { get; init; }

    /// <summary>Seconds of training, without the tests after each epoch.</summary>
    public required double TrainSeconds { get; init; }

    /// <summary>Milliseconds for a single image on one thread, the median.</summary>
    public required double LatencyMs { get; init; }

    /// <summary>Bytes of all parameters in 32-bit floats.</summary>
    public long ModelBytes => Parameters * sizeof(float);

    /// <summary>Each epoch's figures.</summary>
    public required ImmutableArray<EpochRow> Epochs { get; init; }

    /// <summary>Each layer's figures.</summary>
    public required ImmutableArray<LayerRow> Layers { get; init; }

    /// <summary>What it looks like inside; none where it was not drawn.</summary>
    [JsonIgnore]
    public NetworkPictures? Pictures { get; init; }
}

/// <summary>One epoch's figures; accuracies are shares.</summary>
/// <param name="Epoch">From 1.</param>
/// <param name="Loss">The mean loss while training.</param>
/// <param name="Accuracy">The accuracy while training.</param>
/// <param name="TestLoss">The mean loss on the test images after it.</param>
/// <param name="TestAccuracy">The accuracy on the test images after it.</param>
/// <param name="Seconds">Seconds of training.</param>
internal sealed record EpochRow(int Epoch, double Loss, double Accuracy, double TestLoss, double TestAccuracy, double Seconds);

/// <summary>One layer's figures.</summary>
/// <param name="Name">Its name in the network.</param>
/// <param name="Type">Its class: <c>SeparableConv2D</c>.</param>
/// <param name="OutputShape">What it gives for one image.</param>
/// <param name="Parameters">Its trainable parameters.</param>
/// <param name="Macs">Its multiply-adds, an image.</param>
/// <param name="Milliseconds">Its time for a single image on one thread, the median.</param>
internal sealed record LayerRow(
    string Name, string Type, ImmutableArray<int> OutputShape, long Parameters, long Macs, double Milliseconds);

/// <summary>Pictures of what a network learnt, as data URIs of PNG files.</summary>
/// <param name="Input">The image that was shown to it.</param>
/// <param name="Answer">What it took the image for, a phrase.</param>
/// <param name="Filters">The first convolution's filters, as they act on the image.</param>
/// <param name="Maps">What convolutions made of the image: the first, and the last.</param>
internal sealed record NetworkPictures(
    string Input, string Answer, PictureRow Filters, ImmutableArray<PictureRow> Maps);

/// <summary>Pictures with one caption.</summary>
/// <param name="Caption">What they show.</param>
/// <param name="Images">Data URIs.</param>
internal sealed record PictureRow(string Caption, ImmutableArray<string> Images);

/// <summary>What the four networks are called, in the order in which they are trained and shown.</summary>
internal static class NetworkNames
{
    public const string Standard = "standard";
    public const string Separable = "separable";
    public const string Mobile = "mobile";
    public const string Deeper = "deeper";

    public static ImmutableArray<string> All { get; } = [Standard, Separable, Mobile, Deeper];
}
