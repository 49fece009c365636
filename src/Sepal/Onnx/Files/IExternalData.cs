namespace Sepal.Onnx.Files;

/// <summary>Where tensors that lie outside the model's file are read from.</summary>
internal interface IExternalData
{
    /// <summary>Reads a stretch of bytes.</summary>
    /// <param name="location">The file's relative path, as the model says it.</param>
    /// <param name="offset">Where the stretch starts, at least 0.</param>
    /// <param name="length">Its bytes.</param>
    /// <param name="what">Whose bytes they are, for messages: <c>The tensor 'w'</c>.</param>
    /// <returns>Exactly that many bytes.</returns>
    /// <exception cref="OnnxException">The location is not allowed, does not exist, or is too short.</exception>
    ReadOnlyMemory<byte> Read(string location, long offset, int length, string what);
}
