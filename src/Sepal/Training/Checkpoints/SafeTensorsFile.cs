using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text.Json;

namespace Sepal.Training.Checkpoints;

/// <summary>
/// Reads and writes float32 tensors in the safetensors format: the length of the header in 8 bytes, little-endian; the
/// header, a JSON object of each tensor's type, shape and place; then the numbers, one tensor after the other, without gaps.
/// </summary>
internal static class SafeTensorsFile
{
    // The format's own bound.
    private const long MostHeaderBytes = 100_000_000;
    private const int PieceLength = 1 << 18;

    /// <summary>Writes tensors.</summary>
    public static void Write(Stream stream, IReadOnlyList<SafeTensor> tensors)
    {
        using var header = new MemoryStream();
        using (var json = new Utf8JsonWriter(header))
        {
            json.WriteStartObject();
            long offset = 0;
            foreach (SafeTensor tensor in tensors)
            {
                long end = checked(offset + (tensor.Length * sizeof(float)));
                json.WriteStartObject(tensor.Name);
                json.WriteString("dtype", "F32");
                WriteNumbers(json, "shape", tensor.Shape);
                WriteNumbers(json, "data_offsets", [offset, end]);
                json.WriteEndObject();
                offset = end;
            }

            json.WriteEndObject();
        }

        // The numbers begin on a multiple of 8 bytes; spaces are part of the header.
        while (header.Length % 8 != 0)
        {
            header.WriteByte((byte)' ');
        }

        Span<byte> length = stackalloc byte[sizeof(ulong)];
        BinaryPrimitives.WriteUInt64LittleEndian(length, (ulong)header.Length);
        stream.Write(length);
        stream.Write(header.GetBuffer().AsSpan(0, (int)header.Length));
        foreach (SafeTensor tensor in tensors)
        {
            ForPieces(tensor.Values, piece => stream.Write(piece));
        }
    }

    /// <summary>Reads tensors by name into memory that is there already.</summary>
    /// <param name="stream">A stream that can seek, at its beginning.</param>
    /// <param name="wanted">
    /// Gives, for what the header says, the tensors to fill. Their names and lengths must be among the header's.
    /// </param>
    /// <exception cref="InvalidDataException">It is no whole safetensors file of float32 tensors, or lacks what is wanted.</exception>
    public static void Read(Stream stream, Func<IReadOnlyDictionary<string, long[]>, IEnumerable<SafeTensor>> wanted)
    {
        Dictionary<string, (long[] Shape, long Offset)> entries = ReadHeader(stream);
        foreach (SafeTensor tensor in wanted(entries.ToDictionary(entry => entry.Key, entry => entry.Value.Shape)))
        {
            if (!entries.TryGetValue(tensor.Name, out (long[] Shape, long Offset) entry))
            {
                throw new InvalidDataException($"it has no tensor '{tensor.Name}'");
            }

            if (!entry.Shape.AsSpan().SequenceEqual(tensor.Shape))
            {
                throw new InvalidDataException(
                    $"its tensor '{tensor.Name}' has the shape ({string.Join(", ", entry.Shape)}), expected ({string.Join(", ", tensor.Shape)})");
            }

            stream.Position = entry.Offset;
            ForPieces(tensor.Values, piece => stream.ReadExactly(piece));
        }
    }

    private static Dictionary<string, (long[] Shape, long Offset)> ReadHeader(Stream stream)
    {
        Span<byte> lengthBytes = stackalloc byte[sizeof(ulong)];
        if (stream.ReadAtLeast(lengthBytes, lengthBytes.Length, throwOnEndOfStream: false) < lengthBytes.Length)
        {
            throw new InvalidDataException("it is shorter than the 8 bytes that tell the header's length");
        }

        ulong length = BinaryPrimitives.ReadUInt64LittleEndian(lengthBytes);
        long rest = stream.Length - sizeof(ulong);
        if (length > (ulong)Math.Min(rest, MostHeaderBytes))
        {
            throw new InvalidDataException($"its header is said to take {length:N0} bytes, but {rest:N0} follow, and a header has {MostHeaderBytes:N0} at most");
        }

        var header = new byte[(int)length];
        stream.ReadExactly(header);
        try
        {
            using JsonDocument json = JsonDocument.Parse(header);
            return Entries(json.RootElement, sizeof(ulong) + (long)length, rest - (long)length);
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException or FormatException or OverflowException)
        {
            throw new InvalidDataException($"its header cannot be understood: {exception.Message}", exception);
        }
    }

    private static Dictionary<string, (long[] Shape, long Offset)> Entries(JsonElement root, long start, long dataBytes)
    {
        var entries = new Dictionary<string, (long[] Shape, long Offset)>(StringComparer.Ordinal);
        var places = new List<(long From, long To)>();
        foreach (JsonProperty property in root.EnumerateObject())
        {
            if (property.Name == "__metadata__")
            {
                continue;
            }

            string type = Member(property, "dtype").GetString() ?? string.Empty;
            long[] shape = [.. Member(property, "shape").EnumerateArray().Select(dimension => dimension.GetInt64())];
            long[] place = [.. Member(property, "data_offsets").EnumerateArray().Select(offset => offset.GetInt64())];
            if (type != "F32")
            {
                throw new InvalidDataException($"its tensor '{property.Name}' is of the type {type}, expected F32");
            }

            long bytes = shape.Aggregate((long)sizeof(float), (product, dimension) => checked(product * dimension));
            if (place is not [>= 0, >= 0] || place[0] > place[1] || place[1] > dataBytes || shape.Any(dimension => dimension < 0)
                || place[1] - place[0] != bytes)
            {
                throw new InvalidDataException(
                    $"its tensor '{property.Name}' of the shape ({string.Join(", ", shape)}) is said to lie at [{string.Join(", ", place)}] of {dataBytes:N0} bytes");
            }

            if (!entries.TryAdd(property.Name, (shape, start + place[0])))
            {
                throw new InvalidDataException($"it has two tensors named '{property.Name}'");
            }

            places.Add((place[0], place[1]));
        }

        long end = 0;
        foreach ((long from, long to) in places.Order())
        {
            if (from != end)
            {
                throw new InvalidDataException("its tensors overlap or leave gaps");
            }

            end = to;
        }

        return end == dataBytes
            ? entries
            : throw new InvalidDataException($"its tensors take {end:N0} bytes, but {dataBytes:N0} follow the header");
    }

    private static JsonElement Member(JsonProperty tensor, string name) => tensor.Value.TryGetProperty(name, out JsonElement member)
        ? member
        : throw new InvalidDataException($"its tensor '{tensor.Name}' has no {name}");

    private static void WriteNumbers(Utf8JsonWriter json, string name, ReadOnlySpan<long> numbers)
    {
        json.WriteStartArray(name);
        foreach (long number in numbers)
        {
            json.WriteNumberValue(number);
        }

        json.WriteEndArray();
    }

    /// <summary>Goes through the bytes of numbers in pieces: a span of bytes ends at 2 GiB.</summary>
    private static void ForPieces(Span<float> values, PieceAction action)
    {
        for (int start = 0; start < values.Length; start += PieceLength)
        {
            action(MemoryMarshal.AsBytes(values.Slice(start, Math.Min(PieceLength, values.Length - start))));
        }
    }

    private delegate void PieceAction(Span<byte> piece);
}
