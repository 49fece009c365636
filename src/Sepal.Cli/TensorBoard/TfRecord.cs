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

    /// <summary>Writes a record.</summary>
    /// <param name="stream">Where to.</param>
    /// <param name="data">The record.</param>
    public static void Write(Stream stream, ReadOnlySpan<byte> data)
    {
        Span<byte> header = stackalloc byte[12];
        BinaryPrimitives.WriteUInt64LittleEndian(header, (ulong)data.Length);
        BinaryPrimitives.WriteUInt32LittleEndian(header[8..], MaskedChecksum(header[..8]));
        Span<byte> footer = stackalloc byte[4];
        BinaryPrimitives.WriteUInt32LittleEndian(footer, MaskedChecksum(data));
        stream.Write(header);
        stream.Write(data);
        stream.Write(footer);
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
