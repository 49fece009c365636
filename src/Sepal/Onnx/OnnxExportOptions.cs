using System.Collections.Immutable;

namespace Sepal.Onnx;

/// <summary>How a model is written to an ONNX file.</summary>
public sealed record OnnxExportOptions
{
    /// <summary>
    /// Whether batch normalisations that follow a convolution or a dense layer are folded into it. The file is smaller and
    /// gives the same outputs up to rounding, but training cannot go on as before.
    /// </summary>
    public bool FoldBatchNormalization { get; init; }

    /// <summary>Whether dropout, which does nothing at inference, is left out. Training then goes on without it.</summary>
    public bool StripDropout { get; init; }

    /// <summary>What is done to an image before it enters the graph; kept in the file's metadata for <c>sepal predict</c>.</summary>
    public ImagePreprocessing? Preprocessing { get; init; }

    /// <summary>The classes in the order of the output's channels; kept in the file's metadata. Empty where not known.</summary>
    public ImmutableArray<string> ClassNames { get; init; } = [];

    /// <summary>The graph's name in the file.</summary>
    public string GraphName { get; init; } = "model";
}
