using System.Buffers.Binary;
using System.Text;
using Sepal.Graphs;

namespace Sepal.Data;

/// <summary>
/// Tensors in NumPy's <c>.npy</c> format, versions 1.0 to 3.0: what <c>numpy.save</c> writes and <c>numpy.load</c> reads.
/// Either byte order and either axis order is read; little-endian C order is written. NumPy has no bfloat16: it is read
/// from and written as two opaque bytes (<c>V2</c>), as the <c>ml_dtypes</c> package does. Pickled objects are refused.
/// </summary>
public static class NpyFile
{
    /// <summary>The most bytes of elements that are read where no other limit is given: 1 GiB.</summary>
    public const int DefaultMaximumBytes = 1 << 30;

    private const int Alignment = 64;

    private static ReadOnlySpan<byte> Magic => [0x93, (byte)'N', (byte)'U', (byte)'M', (byte)'P', (byte)'Y'];

    /// <summary>Reads a file.</summary>
    /// <param name="path">Where it is.</param>
    /// <param name="maximumBytes">Files that declare more bytes of elements are refused before anything is allocated.</param>
    /// <returns>The tensor, in C order.</returns>
    /// <exception cref="DataException">The file is missing, cannot be read, or is not such a file.</exception>
    public static TensorData Read(string path, int maximumBytes = DefaultMaximumBytes) =>
        DataFile.Read(path, "a NumPy file (.npy)", stream => Read(stream, path, maximumBytes));

    /// <summary>Reads a stream to its end; it is left open.</summary>
    /// <param name="stream">The bytes; need not be seekable.</param>
    /// <param name="name">What messages call it.</param>
    /// <param name="maximumBytes">More declared bytes of elements than this are refused.</param>
    /// <returns>The tensor, in C order.</returns>
    /// <exception cref="DataException">The stream is not such a file.</exception>
    public static TensorData Read(Stream stream, string name, int maximumBytes = DefaultMaximumBytes)
    {
        ArgumentNullException.ThrowIfNull(stream);
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentOutOfRangeException.ThrowIfNegative(maximumBytes);
        return new NpyReader(name, maximumBytes).Read(stream);
    }

    /// <summary>Reads bytes in memory.</summary>
    /// <param name="bytes">The file's bytes, all of them.</param>
    /// <param name="name">What messages call it.</param>
    /// <param name="maximumBytes">More declared bytes of elements than this are refused.</param>
    /// <returns>The tensor, in C order.</returns>
    /// <exception cref="DataException">The bytes are not such a file.</exception>
    public static TensorData Read(ReadOnlyMemory<byte> bytes, string name, int maximumBytes = DefaultMaximumBytes)
    {
        using var stream = new MemoryStream(bytes.ToArray(), writable: false);
        return Read(stream, name, maximumBytes);
    }

    /// <summary>Writes a file: whole under another name, then renamed, so that the path never holds half of it.</summary>
    /// <param name="path">Where to.</param>
    /// <param name="tensor">The tensor.</param>
    /// <exception cref="DataException">The file cannot be written.</exception>
    public static void Write(string path, TensorData tensor) => DataFile.Write(path, stream => Write(stream, tensor));

    /// <summary>Writes to a stream; it is left open.</summary>
    /// <param name="stream">Where to.</param>
    /// <param name="tensor">The tensor.</param>
    public static void Write(Stream stream, TensorData tensor)
    {
        ArgumentNullException.ThrowIfNull(stream);
        ArgumentNullException.ThrowIfNull(tensor);
        string shape = string.Concat(tensor.Shape.Select(dimension => $"{dimension.Value}, "));
        shape = tensor.Shape.Rank == 1 ? shape.TrimEnd() : shape.TrimEnd(',', ' ');
        string text = $"{{'descr': '{NpyElementTypes.Describe(tensor.ElementType)}', 'fortran_order': False, 'shape': ({shape}), }}";

        // NumPy pads with spaces up to a line feed, so that the elements start on a boundary that any vector is happy with.
        int lengthBytes = text.Length < ushort.MaxValue - Alignment ? sizeof(ushort) : sizeof(uint);
        int before = Magic.Length + 2 + lengthBytes;
        int padding = (Alignment - ((before + text.Length + 1) % Alignment)) % Alignment;
        byte[] header = new byte[before + text.Length + padding + 1];
        Magic.CopyTo(header);
        header[Magic.Length] = (byte)(lengthBytes == sizeof(ushort) ? 1 : 2);
        int length = header.Length - before;
        if (lengthBytes == sizeof(ushort))
        {
            BinaryPrimitives.WriteUInt16LittleEndian(header.AsSpan(Magic.Length + 2), (ushort)length);
        }
        else
        {
            BinaryPrimitives.WriteInt32LittleEndian(header.AsSpan(Magic.Length + 2), length);
        }

        Encoding.ASCII.GetBytes(text.PadRight(text.Length + padding) + "\n", header.AsSpan(before));
        stream.Write(header);
        stream.Write(tensor.Bytes.Span);
    }
}
