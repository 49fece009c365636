namespace Sepal.Data;

/// <summary>Opens files by path, with errors that name them; writes them so that a path never holds half a file.</summary>
internal static class DataFile
{
    private const int FirstBuffer = 1 << 16;

    /// <summary>Reads a file.</summary>
    /// <typeparam name="T">What is read.</typeparam>
    /// <param name="path">Where it is.</param>
    /// <param name="expected">What it should be, for messages: <c>a NumPy file</c>.</param>
    /// <param name="read">Reads it.</param>
    /// <returns>What was read.</returns>
    /// <exception cref="DataException">The file is missing or cannot be read.</exception>
    public static T Read<T>(string path, string expected, Func<Stream, T> read)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        try
        {
            using FileStream stream = File.OpenRead(path);
            return read(stream);
        }
        catch (Exception error) when (error is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new DataException($"{path}: there is no such file. Expected {expected}; check the path.", error);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new DataException($"{path}: the file cannot be read ({error.Message.TrimEnd('.')}). Check that it is a file and that you may read it.", error);
        }
    }

    /// <summary>Writes a file whole under another name, then renames it.</summary>
    /// <param name="path">Where to.</param>
    /// <param name="write">Writes it.</param>
    /// <exception cref="DataException">It cannot be written.</exception>
    public static void Write(string path, Action<Stream> write)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        string temporary = $"{path}.{Guid.NewGuid():N}.tmp";
        try
        {
            try
            {
                using (var stream = new FileStream(temporary, FileMode.CreateNew, FileAccess.Write))
                {
                    write(stream);
                    stream.Flush(flushToDisk: true);
                }

                File.Move(temporary, path, overwrite: true);
            }
            finally
            {
                File.Delete(temporary);
            }
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new DataException($"{path}: the file cannot be written ({error.Message.TrimEnd('.')}). Give a path in a directory that you may write to.", error);
        }
    }

    /// <summary>Reads as many bytes as a header declares; memory grows only with the bytes that arrive.</summary>
    /// <param name="stream">The bytes.</param>
    /// <param name="count">How many are declared.</param>
    /// <returns>The bytes; fewer where the stream ends before.</returns>
    public static byte[] ReadUpTo(Stream stream, int count)
    {
        byte[] bytes = new byte[Math.Min(count, FirstBuffer)];
        int received = 0;
        while (true)
        {
            received += stream.ReadAtLeast(bytes.AsSpan(received), bytes.Length - received, throwOnEndOfStream: false);
            if (received < bytes.Length)
            {
                return bytes[..received];
            }

            if (received == count)
            {
                return bytes;
            }

            Array.Resize(ref bytes, (int)Math.Min(count, 2L * bytes.Length));
        }
    }
}
