using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Globalization;
using System.IO.Compression;

namespace Sepal.Data;

/// <summary>
/// Parses the IDX format without trusting it: what the header declares is checked against a limit before anything is
/// allocated, memory grows only with the bytes that arrive, and one byte past the declared end is the last that is read,
/// so that neither a header nor a gzip bomb decides how much memory is used.
/// </summary>
/// <param name="name">The file, for messages.</param>
/// <param name="maximumElements">The most elements that are accepted.</param>
internal sealed class IdxReader(string name, int maximumElements)
{
    private const int MaximumRank = 4;
    private const byte UnsignedByte = 0x08;
    private const string DownloadAgain = "Download it again.";
    private const string Expected = "Expected the IDX format: bytes 00 00 08, the number of dimensions, their sizes, then unsigned bytes";

    /// <summary>Reads to the end.</summary>
    /// <param name="stream">The file; gzip'd or not.</param>
    /// <returns>The tensor.</returns>
    public IdxFile Read(Stream stream)
    {
        byte[] start = new byte[2];
        int received = stream.ReadAtLeast(start, start.Length, throwOnEndOfStream: false);
        if (received == 0)
        {
            throw Error("the file is empty", DownloadAgain);
        }

        using var whole = new PrefixedStream(start.AsMemory(0, received), stream);
        if (received < 2 || start is not [0x1F, 0x8B])
        {
            return Parse(whole);
        }

        try
        {
            using var unzipped = new GZipStream(whole, CompressionMode.Decompress);
            return Parse(unzipped);
        }
        catch (Exception error) when (error is InvalidDataException or IOException)
        {
            throw new DataException(
                $"{name}: its gzip data are damaged or cut off ({error.Message.TrimEnd('.')}). {DownloadAgain}", error);
        }
    }

    private IdxFile Parse(Stream stream)
    {
        Span<byte> magic = stackalloc byte[4];
        int received = stream.ReadAtLeast(magic, magic.Length, throwOnEndOfStream: false);
        CheckMagic(magic[..received]);
        ImmutableArray<int> dimensions = ReadDimensions(stream, rank: magic[3]);
        long declared = dimensions.Aggregate(1L, (product, next) => product * next);
        byte[] elements = ReadElements(stream, dimensions, (int)declared);
        return stream.ReadByte() < 0
            ? new IdxFile(name, dimensions, elements)
            : throw Error(
                $"there are more bytes after the {Count(declared)} that its header declares ({Describe(dimensions)})",
                $"The header is damaged, or two files were joined. {DownloadAgain}");
    }

    private void CheckMagic(ReadOnlySpan<byte> magic)
    {
        if (magic.IsEmpty)
        {
            throw Error("it unpacks to nothing", DownloadAgain);
        }

        if (magic is [0] or [0, 0] or [0, 0, _])
        {
            throw Error($"the file ends after {magic.Length} bytes, within its header", $"{Expected}. {DownloadAgain}");
        }

        if (magic is not [0, 0, _, _])
        {
            throw Error(
                $"it begins with {Convert.ToHexString(magic)}, {ContentGuess.Describe(magic)}",
                $"{Expected}. {ContentGuess.Remedy(magic)}");
        }

        if (magic[2] != UnsignedByte)
        {
            string type = magic[2] switch
            {
                0x09 => "signed bytes",
                0x0B => "16-bit numbers",
                0x0C => "32-bit numbers",
                0x0D => "floats",
                0x0E => "doubles",
                _ => "of no known type",
            };
            throw Error($"its elements are {type} (type byte {magic[2]:X2})", $"{Expected}. Convert the file to unsigned bytes.");
        }

        if (magic[3] is 0 or > MaximumRank)
        {
            throw Error(
                $"it has {magic[3]} dimensions",
                $"Expected 1 (labels), 3 (images) or 4 (images with channels). {DownloadAgain}");
        }
    }

    private ImmutableArray<int> ReadDimensions(Stream stream, int rank)
    {
        Span<byte> bytes = stackalloc byte[sizeof(uint) * MaximumRank];
        bytes = bytes[..(sizeof(uint) * rank)];
        int received = stream.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
        if (received < bytes.Length)
        {
            throw Error(
                $"the file ends after {4 + received} bytes, within its header of {4 + bytes.Length}", DownloadAgain);
        }

        var dimensions = ImmutableArray.CreateBuilder<int>(rank);
        long product = 1;
        for (int axis = 0; axis < rank; axis++)
        {
            uint size = BinaryPrimitives.ReadUInt32BigEndian(bytes[(sizeof(uint) * axis)..]);
            product *= size;
            if (size > int.MaxValue || product > maximumElements)
            {
                throw Error(
                    $"its header declares {Count(size)} as dimension {axis}, which makes more than {Count(maximumElements)} elements",
                    "The header is damaged, or raise the limit (maximumElements).");
            }

            dimensions.Add((int)size);
        }

        return dimensions.MoveToImmutable();
    }

    private byte[] ReadElements(Stream stream, ImmutableArray<int> dimensions, int declared)
    {
        byte[] elements = DataFile.ReadUpTo(stream, declared);
        return elements.Length == declared
            ? elements
            : throw Error(
                $"the file is cut off: its header declares {Count(declared)} bytes ({Describe(dimensions)}), but {Count(elements.Length)} follow",
                DownloadAgain);
    }

    private DataException Error(string problem, string remedy) => new($"{name}: {problem}. {remedy}");

    private static string Count(long count) => count.ToString("N0", CultureInfo.InvariantCulture);

    private static string Describe(ImmutableArray<int> dimensions) => string.Join(" × ", dimensions);
}
