
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
    /// Whether a batch that the file fixes becomes open where all its nodes let it, so that the model can be trained and run with any
    /// number of examples. Constant shapes of <c>Reshape</c> that begin with the file's batch, as PyTorch's exporter writes them, follow.
    /// </summary>
    public bool OpenBatch { get; init; } = true;

    /// <summary>
    /// The most bytes that the model's weights and constants, and what is computed from them while reading, may take. Checked
    /// before anything is allocated. 8 GiB unless said otherwise.
    /// </summary>
    public long MemoryLimit { get; init; } = 8L << 30;
}
