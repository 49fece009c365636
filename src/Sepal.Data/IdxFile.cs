using System.Collections.Immutable;

namespace Sepal.Data;

/// <summary>
/// A tensor of unsigned bytes in the IDX format, as MNIST and its kin are published: two zero bytes, a type byte, the
/// number of dimensions, each dimension as a big-endian 32-bit number, then the elements. It may be gzip'd; its first
/// bytes decide that, not its name.
/// </summary>
/// <remarks>The format is described at http://yann.lecun.com/exdb/mnist/.</remarks>
public sealed class IdxFile
{
    /// <summary>The most elements that are read where no other limit is given: 1 GiB.</summary>
    public const int DefaultMaximumElements = 1 << 30;

    internal IdxFile(string name, ImmutableArray<int> dimensions, ReadOnlyMemory<byte> elements)
    {
        Name = name;
        Dimensions = dimensions;
        Elements = elements;
    }

    /// <summary>What messages call the file.</summary>
    public string Name { get; }

    /// <summary>The extents, outermost first: for images, how many, their rows, their columns.</summary>
    public ImmutableArray<int> Dimensions { get; }

    /// <summary>The elements, the last dimension running fastest.</summary>
    public ReadOnlyMemory<byte> Elements { get; }

    /// <summary>Reads a file.</summary>
    /// <param name="path">Where it is.</param>
    /// <param name="maximumElements">Files that declare more elements are refused before anything is allocated.</param>
    /// <returns>The tensor.</returns>
    /// <exception cref="DataException">The file is missing, cannot be read, or is not such a file.</exception>
    public static IdxFile Read(string path, int maximumElements = DefaultMaximumElements) =>
        DataFile.Read(path, "an IDX file of unsigned bytes", stream => Read(stream, path, maximumElements));

    /// <summary>Reads bytes in memory.</summary>
    /// <param name="bytes">The file's bytes, all of them.</param>
    /// <param name="name">What messages call it.</param>
    /// <param name="maximumElements">More declared elements than this are refused.</param>
    /// <returns>The tensor.</returns>
    /// <exception cref="DataException">The bytes are not such a file.</exception>
    public static IdxFile Read(ReadOnlyMemory<byte> bytes, string name, int maximumElements = DefaultMaximumElements)
    {
        using var stream = new MemoryStream(bytes.ToArray(), writable: false);
        return Read(stream, name, maximumElements);
    }

    /// <summary>Reads a stream to its end; it is left open.</summary>
    /// <param name="stream">The bytes; need not be seekable.</param>
    /// <param name="name">What messages call it.</param>
    /// <param name="maximumElements">More declared elements than this are refused.</param>
    /// <returns>The tensor.</returns>
    /// <exception cref="DataException">The stream is not such a file.</exception>
    public static IdxFile Read(Stream stream, string name, int maximumElements = DefaultMaximumElements)
    {
        ArgumentNullException.ThrowIfNull(stream);
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentOutOfRangeException.ThrowIfNegative(maximumElements);
        return new IdxReader(name, maximumElements).Read(stream);
    }
}
