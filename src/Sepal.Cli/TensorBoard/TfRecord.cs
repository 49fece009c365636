using System.Buffers.Binary;
using System.Numerics;

namespace Sepal.Cli.TensorBoard;

/// <summary>
/// TensorFlow's framing of records: the length (64 bits) and its checksum, the bytes and theirs, all little-endian. The checksums
/// are CRC-32C, rotated and shifted so that they do not look like checksums of data that hold checksums.
/// </summary>
/// <remarks>https://www.tensorflow.org/tutorials/load_data/tfrecord describes the format.</remarks>
internal static class TfRecord
{
    private const uint MaskDelta = 0xA282EAD8;
    private const int HeaderBytes = 12;
    private const int FooterBytes = 4;

    /// <summary>Writes a record, in one piece.</summary>
    /// <param name="stream">Where to.</param>
    /// <param name="data">The record.</param>
    public static void Write(Stream stream, ReadOnlySpan<byte> data)
    {
        byte[] record = new byte[HeaderBytes + data.Length + FooterBytes];
        Span<byte> header = record.AsSpan(0, HeaderBytes);
        BinaryPrimitives.WriteUInt64LittleEndian(header, (ulong)data.Length);
        BinaryPrimitives.WriteUInt32LittleEndian(header[8..], MaskedChecksum(header[..8]));
        data.CopyTo(record.AsSpan(HeaderBytes));
        BinaryPrimitives.WriteUInt32LittleEndian(record.AsSpan(HeaderBytes + data.Length), MaskedChecksum(data));
        stream.Write(record);
    }

    /// <summary>Reads the record that bytes begin with.</summary>
    /// <param name="bytes">What is left of a file.</param>
    /// <param name="data">The record.</param>
    /// <returns>How many bytes it takes with its frame; 0 where there is no whole one.</returns>
    public static int Read(ReadOnlyMemory<byte> bytes, out ReadOnlyMemory<byte> data)
    {
        data = default;
        ReadOnlySpan<byte> span = bytes.Span;
        if (span.Length < HeaderBytes + FooterBytes
            || BinaryPrimitives.ReadUInt32LittleEndian(span[8..]) != MaskedChecksum(span[..8])
            || BinaryPrimitives.ReadUInt64LittleEndian(span) > (ulong)(span.Length - HeaderBytes - FooterBytes))
        {
            return 0;
        }

        int length = (int)BinaryPrimitives.ReadUInt64LittleEndian(span);
        ReadOnlyMemory<byte> record = bytes.Slice(HeaderBytes, length);
        if (BinaryPrimitives.ReadUInt32LittleEndian(span[(HeaderBytes + length)..]) != MaskedChecksum(record.Span))
        {
            return 0;
        }

        data = record;
        return HeaderBytes + length + FooterBytes;
    }

    /// <summary>The checksum as it is written.</summary>
    /// <param name="data">The bytes.</param>
    /// <returns>The number.</returns>
    public static uint MaskedChecksum(ReadOnlySpan<byte> data)
    {
        uint checksum = uint.MaxValue;
        foreach (byte value in data)
        {
            checksum = BitOperations.Crc32C(checksum, value);
        }

        return BitOperations.RotateRight(~checksum, 15) + MaskDelta;
    }
}
