namespace Sepal.Onnx.Files;

/// <summary>Reads tensors from files in a model's own directory or below, and from nowhere else.</summary>
/// <param name="directory">The model's directory.</param>
internal sealed class DirectoryExternalData(string directory) : IExternalData
{
    /// <inheritdoc/>
    public ReadOnlyMemory<byte> Read(string location, long offset, int length, string what)
    {
        try
        {
            string path = Resolve(location, what);
            var file = new FileInfo(path);
            if (!file.Exists)
            {
                throw new OnnxException(
                    $"{what} lies in the file '{location}', which is not there. Expected it beside the model, in '{directory}'.");
            }

            // Subtraction, since offset + length could overflow. A pipe or a device has the length 0 and fails here, unopened.
            if (length > file.Length - offset)
            {
                throw new OnnxException(
                    $"{what} takes {length} bytes from byte {offset} of '{location}', which has only {file.Length}. The file is truncated, or not this model's.");
            }

            if (length == 0)
            {
                return default;
            }

            var bytes = new byte[length];
            using FileStream stream = file.OpenRead();
            stream.Position = offset;
            stream.ReadExactly(bytes);
            return bytes;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            throw new OnnxException($"{what} lies in the file '{location}', which cannot be read: {exception.Message}", exception);
        }
    }

    private string Resolve(string location, string what)
    {
        if (string.IsNullOrWhiteSpace(location) || Path.IsPathRooted(location) || location.Contains(':', StringComparison.Ordinal))
        {
            throw Outside(location, what);
        }

        string root = RealPath.Of(directory);
        string written = Path.GetFullPath(Path.Combine(root, location));
        string real = RealPath.Of(written);
        return RealPath.IsBelow(written, root) && RealPath.IsBelow(real, root) ? real : throw Outside(location, what);
    }

    private static OnnxException Outside(string location, string what) => new(
        $"{what} lies in the file '{location}'. Only files in the model's own directory or below are read: "
        + "no absolute path, no '..' that leaves it, and no link out of it. Move the file there and correct its location.");
}
