using System.Buffers.Binary;
using System.IO.Compression;

namespace Sepal.Tests.Data;

/// <summary>Makes IDX files, good and bad.</summary>
internal static class IdxBytes
{
    public static byte[] Make(ReadOnlySpan<int> dimensions, ReadOnlySpan<byte> elements)
    {
        byte[] bytes = new byte[4 + (4 * dimensions.Length) + elements.Length];
        bytes[2] = 0x08;
        bytes[3] = (byte)dimensions.Length;
        for (int axis = 0; axis < dimensions.Length; axis++)
        {
            BinaryPrimitives.WriteInt32BigEndian(bytes.AsSpan(4 + (4 * axis)), dimensions[axis]);
        }

        elements.CopyTo(bytes.AsSpan(4 + (4 * dimensions.Length)));
        return bytes;
    }

    public static byte[] Labels(params ReadOnlySpan<byte> labels) => Make([labels.Length], labels);

    /// <summary>Images whose pixels count up, so that a shift shows.</summary>
    public static byte[] Images(int count, int rows, int columns)
    {
        byte[] elements = [.. Enumerable.Range(0, count * rows * columns).Select(value => (byte)value)];
        return Make([count, rows, columns], elements);
    }

    public static byte[] Zip(byte[] bytes)
    {
        using var zipped = new MemoryStream();
        using (var stream = new GZipStream(zipped, CompressionLevel.Optimal))
        {
            stream.Write(bytes);
        }

        return zipped.ToArray();
    }
}
