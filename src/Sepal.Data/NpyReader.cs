using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using Sepal.Graphs;

namespace Sepal.Data;

/// <summary>
/// Parses the <c>.npy</c> format without trusting it: what the header declares is checked against limits before anything is
/// allocated, and memory grows only with the bytes that arrive.
/// </summary>
/// <param name="name">The file, for messages.</param>
/// <param name="maximumBytes">The most bytes of elements that are accepted.</param>
internal sealed class NpyReader(string name, int maximumBytes)
{
    // NumPy itself refuses headers above 10,000 bytes and more than 64 axes.
    private const int MaximumHeader = 1 << 16;
    private const int MaximumRank = 64;
    private const int MagicLength = 8;
    private const string WriteAgain = "Write it again with numpy.save.";

    /// <summary>Reads to the end.</summary>
    /// <param name="stream">The file.</param>
    /// <returns>The tensor.</returns>
    public TensorData Read(Stream stream)
    {
        NpyHeader header = ReadHeader(stream);
        if (NpyElementTypes.Parse(header.Description) is not var (type, isBigEndian))
        {
            throw Error(
                $"its elements are of the type '{header.Description}'",
                "Expected floats of 2 to 8 bytes, integers of 1 to 8 bytes, or bool: convert the array with astype before saving it.");
        }

        int declared = ByteCount(header, type.ByteSize());
        byte[] bytes = DataFile.ReadUpTo(stream, declared);
        if (bytes.Length < declared)
        {
            throw Error(
                $"the file is cut off: its header declares {Count(declared)} bytes ({Describe(header)}), but {Count(bytes.Length)} follow", WriteAgain);
        }

        if (stream.ReadByte() >= 0)
        {
            throw Error(
                $"there are more bytes after the {Count(declared)} that its header declares ({Describe(header)})",
                "Expected one array a file: save each array into a file of its own.");
        }

        if (isBigEndian)
        {
            Swap(bytes, type.ByteSize());
        }

        if (type == ElementType.Boolean)
        {
            // Conditions are computed with as 0 and 1; a file may hold any byte.
            foreach (ref byte element in bytes.AsSpan())
            {
                element = (byte)(element != 0 ? 1 : 0);
            }
        }

        var shape = new Shape([.. header.Shape.Select(Dimension.FromInt64)]);
        return new TensorData(shape, type, header.IsFortranOrder ? ToCOrder(bytes, header, type.ByteSize()) : bytes);
    }

    private NpyHeader ReadHeader(Stream stream)
    {
        Span<byte> start = stackalloc byte[MagicLength];
        int received = stream.ReadAtLeast(start, start.Length, throwOnEndOfStream: false);
        if (received == 0)
        {
            throw Error("the file is empty", WriteAgain);
        }

        if (received < MagicLength || start is not [0x93, (byte)'N', (byte)'U', (byte)'M', (byte)'P', (byte)'Y', _, _])
        {
            ReadOnlySpan<byte> known = start[..Math.Min(received, 4)];
            throw Error(
                $"it begins with {Convert.ToHexString(known)}, {ContentGuess.Describe(known)}",
                $"Expected a NumPy file (.npy), as numpy.save writes it. {ContentGuess.Remedy(known)}");
        }

        if (start[6] is < 1 or > 3)
        {
            throw Error($"it has the format version {start[6]}.{start[7]}", $"Expected 1.0, 2.0 or 3.0. {WriteAgain}");
        }

        Span<byte> lengthBytes = stackalloc byte[sizeof(uint)];
        lengthBytes.Clear();
        int lengthSize = start[6] == 1 ? sizeof(ushort) : sizeof(uint);
        bool isWhole = stream.ReadAtLeast(lengthBytes[..lengthSize], lengthSize, throwOnEndOfStream: false) == lengthSize;
        uint length = BinaryPrimitives.ReadUInt32LittleEndian(lengthBytes);
        if (length > MaximumHeader)
        {
            throw Error($"its header is {Count(length)} bytes long", $"Expected at most {Count(MaximumHeader)}. The file is damaged. {WriteAgain}");
        }

        byte[] header = DataFile.ReadUpTo(stream, (int)length);
        if (!isWhole || header.Length < length)
        {
            throw Error("the file ends within its header", WriteAgain);
        }

        string text = (start[6] == 3 ? Encoding.UTF8 : Encoding.Latin1).GetString(header);
        return NpyHeader.Parse(text) ?? throw Error(
            "its header cannot be understood",
            "Expected the type of all elements ('descr'), the axis order ('fortran_order') and the sizes ('shape'); structured arrays "
            + "are not read. " + WriteAgain);
    }

    private int ByteCount(NpyHeader header, int elementSize)
    {
        if (header.Shape.Length > MaximumRank)
        {
            throw Error($"its header declares {header.Shape.Length} dimensions", $"Expected at most {MaximumRank}.");
        }

        long product = elementSize;
        foreach (long extent in header.Shape.Order())
        {
            // From the smallest on, so that a dimension of 0 comes first and makes everything 0.
            if (extent > maximumBytes || (product *= extent) > maximumBytes)
            {
                throw Error(
                    $"its header declares the shape ({string.Join(", ", header.Shape)}), which takes more than {Count(maximumBytes)} bytes",
                    "The header is damaged, or raise the limit (maximumBytes).");
            }
        }

        return (int)product;
    }

    private static void Swap(Span<byte> bytes, int elementSize)
    {
        for (int start = 0; start < bytes.Length; start += elementSize)
        {
            bytes.Slice(start, elementSize).Reverse();
        }
    }

    /// <summary>The elements with the last axis running fastest, of elements with the first one doing so.</summary>
    private static byte[] ToCOrder(byte[] bytes, NpyHeader header, int elementSize)
    {
        int rank = header.Shape.Length;
        var strides = new long[rank];
        long stride = elementSize;
        for (int axis = 0; axis < rank; axis++)
        {
            strides[axis] = stride;
            stride *= header.Shape[axis];
        }

        byte[] result = new byte[bytes.Length];
        var index = new long[rank];
        long source = 0;
        for (int target = 0; target < result.Length; target += elementSize)
        {
            bytes.AsSpan((int)source, elementSize).CopyTo(result.AsSpan(target));
            for (int axis = rank - 1; axis >= 0; axis--)
            {
                source += strides[axis];
                if (++index[axis] < header.Shape[axis])
                {
                    break;
                }

                source -= strides[axis] * index[axis];
                index[axis] = 0;
            }
        }

        return result;
    }

    private DataException Error(string problem, string remedy) => new($"{name}: {problem}. {remedy}");

    private static string Count(long count) => count.ToString("N0", CultureInfo.InvariantCulture);

    private static string Describe(NpyHeader header) => $"{header.Description} ({string.Join(", ", header.Shape)})";
}
