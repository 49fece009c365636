using System.Collections.Immutable;
using Sepal.Graphs;

namespace Sepal.Onnx;

/// <summary>What a file says about a model beyond its graph: what enters, and what the outputs mean.</summary>
public sealed record ModelMetadata
{
    /// <summary>The first input's name; null where the file does not say.</summary>
    public string? InputName { get; init; }

    /// <summary>One example's shape in Sepal's order (height, width, channels), without the batch; null where the file does not say.</summary>
    public Shape? InputShape { get; init; }

    /// <summary>What is done to an image before it enters the graph; null where the file does not say.</summary>
    public ImagePreprocessing? Preprocessing { get; init; }

    /// <summary>The classes in the order of the output's channels; empty where the file does not say.</summary>
    public ImmutableArray<string> ClassNames { get; init; } = [];
}
