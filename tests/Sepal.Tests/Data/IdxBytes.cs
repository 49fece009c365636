using System.Buffers.Binary;
using System.IO.Compression;
using Sepal.Data;

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

    /// <summary>Writes the first images of a data set, as <see cref="Mnist.Load"/> finds them.</summary>
    /// <param name="directory">Where to.</param>
    /// <param name="part"><c>train</c> or <c>t10k</c>.</param>
    /// <param name="set">The data set.</param>
    /// <param name="count">How many.</param>
    public static void Write(TemporaryDirectory directory, string part, IdxDataset set, int count)
    {
        (int rows, int columns) = ((int)set.InputShape[0].Value, (int)set.InputShape[1].Value);
        byte[] images = new byte[count * rows * columns];
        byte[] labels = new byte[count];
        for (int index = 0; index < count; index++)
        {
            set.Image(index).CopyTo(images.AsSpan(index * rows * columns));
            labels[index] = (byte)set.Label(index);
        }

        Write(directory, part, (rows, columns), images, labels);
    }

    /// <summary>Writes images of one channel, and the labels beside them.</summary>
    public static void Write(TemporaryDirectory directory, string part, (int Rows, int Columns) size, byte[] images, byte[] labels)
    {
        File.WriteAllBytes(directory.File($"{part}-images-idx3-ubyte"), Make([labels.Length, size.Rows, size.Columns], images));
        File.WriteAllBytes(directory.File($"{part}-labels-idx1-ubyte"), Labels(labels));
    }
}
