
namespace Sepal.Onnx;

/// <summary>How an ONNX file is read.</summary>
public sealed record ImportOptions
{
    /// <summary>
    /// Whether nodes with unknown operators are kept as opaque ones, with the shapes that the file states for their outputs.
    /// Such a model can be counted, not run.
    /// </summary>
    public bool KeepUnknown { get; init; }

    /// <summary>
    /// The most bytes that the model's weights and constants, and what is computed from them while reading, may take. Checked
    /// before anything is allocated. 8 GiB unless said otherwise.
    /// </summary>
    public long MemoryLimit { get; init; } = 8L << 30;
}
