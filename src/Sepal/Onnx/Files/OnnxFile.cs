using System.Buffers;
using Google.Protobuf;
using Sepal.Onnx.Protocol;

namespace Sepal.Onnx.Files;

/// <summary>Reads and writes messages of the ONNX format, whole: models, and single tensors (<c>.pb</c>).</summary>
internal static class OnnxFile
{
    // The format's own limit: protobuf counts in 32 bits.
    private const int MaximumBytes = int.MaxValue;

    private static readonly MessageParser<ModelProto> ModelParser = ModelProto.Parser.WithDiscardUnknownFields(true);
    private static readonly MessageParser<TensorProto> TensorParser = TensorProto.Parser.WithDiscardUnknownFields(true);

    /// <summary>Reads a model from memory.</summary>
    /// <exception cref="OnnxException">It is truncated, or no ONNX model.</exception>
    public static ModelProto Read(ReadOnlyMemory<byte> bytes) =>
        RequireModel(Parse(() => ModelParser.ParseFrom(new ReadOnlySequence<byte>(bytes)), "model"), bytes.Length);

    /// <summary>Reads a model from a stream, to its end.</summary>
    /// <exception cref="OnnxException">It is truncated, larger than 2 GiB, or no ONNX model.</exception>
    public static ModelProto Read(Stream stream)
    {
        ArgumentNullException.ThrowIfNull(stream);
        long? length = stream.CanSeek ? stream.Length - stream.Position : null;
        RequireLength(length ?? 0);
        return RequireModel(Parse(() => length > 0 ? ParseWhole(stream, (int)length) : ModelParser.ParseFrom(stream), "model"), length);
    }

    /// <summary>Reads a model from a file.</summary>
    /// <exception cref="OnnxException">It cannot be read, is truncated, larger than 2 GiB, or no ONNX model.</exception>
    public static ModelProto Read(string path) => Open(path, Read);

    /// <summary>Reads a single tensor, as the ONNX test data have them.</summary>
    /// <exception cref="OnnxException">It is truncated, larger than 2 GiB, or no tensor.</exception>
    public static TensorProto ReadTensor(Stream stream)
    {
        ArgumentNullException.ThrowIfNull(stream);
        RequireLength(stream.CanSeek ? stream.Length - stream.Position : 0);
        return Parse(() => TensorParser.ParseFrom(stream), "tensor");
    }

    /// <summary>Reads a single tensor from a file.</summary>
    /// <exception cref="OnnxException">It cannot be read, is truncated, larger than 2 GiB, or no tensor.</exception>
    public static TensorProto ReadTensor(string path) => Open(path, ReadTensor);

    /// <summary>Writes a model.</summary>
    /// <exception cref="OnnxException">It is larger than 2 GiB.</exception>
    public static void Write(ModelProto model, Stream stream)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(stream);
        RequireLength(model.Graph.Initializer.Sum(tensor => (long)tensor.RawData.Length));
        model.WriteTo(stream);
    }

    /// <summary>
    /// Writes a model to a file: whole under another name, then renamed, so that whatever happens the path holds the old
    /// file or the new one.
    /// </summary>
    /// <exception cref="OnnxException">It is larger than 2 GiB, or the file cannot be written.</exception>
    public static void Write(ModelProto model, string path) => WriteWhole(path, stream => Write(model, stream));

    /// <summary>Writes a file whole under another name, then renames it.</summary>
    /// <exception cref="OnnxException">It cannot be written.</exception>
    public static void WriteWhole(string path, Action<Stream> write)
    {
        ArgumentNullException.ThrowIfNull(write);
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
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
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            throw new OnnxException($"The file '{path}' cannot be written: {exception.Message}", exception);
        }
    }

    private static T Open<T>(string path, Func<Stream, T> read)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        try
        {
            using FileStream stream = File.OpenRead(path);
            return read(stream);
        }
        catch (OnnxException exception)
        {
            throw new OnnxException($"{path}: {exception.Message}", exception);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            throw new OnnxException($"The file '{path}' cannot be read: {exception.Message}", exception);
        }
    }

    /// <summary>
    /// From a stream, the parser collects a large tensor in small pieces and joins them, which leaves garbage of the size of
    /// the file. From memory it takes the tensor at once.
    /// </summary>
    private static ModelProto ParseWhole(Stream stream, int length)
    {
        using var bytes = new NativeBytes(length);
        int read = stream.ReadAtLeast(bytes.Memory.Span, length, throwOnEndOfStream: false);
        return ModelParser.ParseFrom(new ReadOnlySequence<byte>(bytes.Memory[..read]));
    }

    private static T Parse<T>(Func<T> parse, string what)
    {
        try
        {
            return parse();
        }
        catch (InvalidProtocolBufferException exception)
        {
            throw new OnnxException(
                $"This is not a whole ONNX {what}: {exception.Message} Expected a file as ONNX exporters write it; fetch or export it again.",
                exception);
        }
    }

    private static void RequireLength(long length)
    {
        if (length > MaximumBytes)
        {
            throw new OnnxException(
                $"The model takes {length} bytes. An ONNX file holds at most 2 GiB; larger models keep their weights in files beside it.");
        }
    }

    /// <summary>Almost any bytes parse as an empty message with unknown fields; a model has a graph.</summary>
    private static ModelProto RequireModel(ModelProto model, long? length) => (model.Graph, length) switch
    {
        (_, 0) => throw new OnnxException("The file is empty. Expected an ONNX model."),
        (null, _) => throw new OnnxException(
            "This is not an ONNX model: it holds no graph. Expected a file as ONNX exporters write it; "
            + "a few lines of text may be a Git LFS pointer, to be replaced by 'git lfs pull'."),
        _ => model,
    };
}
