namespace Sepal.Onnx.Files;

/// <summary>Refuses tensors outside the file: for models that were read from a stream and have no directory.</summary>
internal sealed class NoExternalData : IExternalData
{
    public static NoExternalData Instance { get; } = new();

    /// <inheritdoc/>
    public ReadOnlyMemory<byte> Read(string location, long offset, int length, string what) => throw new OnnxException(
        $"{what} lies in another file, '{location}', but the model was read from a stream and has no directory. Read the model by its path.");
}
