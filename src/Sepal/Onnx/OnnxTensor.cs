using System.Globalization;
using System.Runtime.InteropServices;
using Google.Protobuf;
using Google.Protobuf.Collections;
using Sepal.Graphs;
using Sepal.Onnx.Files;
using Sepal.Onnx.Protocol;

namespace Sepal.Onnx;

/// <summary>
/// Conversion of tensors between the ONNX format and <see cref="TensorData"/>. Whatever the file says is checked against the
/// bytes that are there before memory is taken for it.
/// </summary>
internal static class OnnxTensor
{
    /// <summary>Writes a tensor, its elements as raw bytes.</summary>
    public static TensorProto Write(string name, TensorData data)
    {
        var proto = new TensorProto
        {
            Name = name,
            DataType = (int)data.ElementType.ToOnnx(),
            RawData = ByteString.CopyFrom(data.Bytes.Span),
        };
        proto.Dims.AddRange(data.Shape.Select(dimension => dimension.Value));
        return proto;
    }

    /// <summary>The bytes a tensor will take, from its type and dimensions alone: to check a limit by before reading it.</summary>
    /// <exception cref="OnnxException">The type is unknown, a dimension is negative, or there are more than 2 GiB.</exception>
    public static int ByteCount(TensorProto proto)
    {
        string what = Describe(proto);
        ElementType type = OnnxElementTypes.FromOnnx(proto.DataType, what);
        long count = 1;
        bool empty = proto.Dims.Contains(0);
        if (proto.Dims.Count > Shape.MaximumRank)
        {
            throw new OnnxException($"{what} has {proto.Dims.Count} dimensions. At most {Shape.MaximumRank} are supported.");
        }

        foreach (long dimension in proto.Dims)
        {
            if (dimension < 0)
            {
                throw new OnnxException($"{what} has the dimensions [{string.Join(", ", proto.Dims)}]. None may be negative.");
            }

            count = empty ? 0 : count * dimension;

            // Checked at every step, so that the product never overflows: both factors are below 2³¹ and 2⁶³⁻³¹ then.
            if (count * type.ByteSize() > Array.MaxLength || dimension > Array.MaxLength)
            {
                throw new OnnxException(
                    $"{what} has the dimensions [{string.Join(", ", proto.Dims)}] of type {type}, more than the 2 GiB that a tensor may have.");
            }
        }

        return (int)(count * type.ByteSize());
    }

    /// <summary>Reads a tensor, from whichever field or file holds its elements.</summary>
    /// <param name="proto">The tensor.</param>
    /// <param name="external">Where tensors outside the file are read from.</param>
    /// <exception cref="OnnxException">The tensor is inconsistent, of an unknown type, or its file cannot be read.</exception>
    public static TensorData Read(TensorProto proto, IExternalData external)
    {
        string what = Describe(proto);
        int byteCount = ByteCount(proto);
        ElementType type = OnnxElementTypes.FromOnnx(proto.DataType, what);
        var shape = new Shape([.. proto.Dims.Select(Dimension.FromInt64)]);
        if (proto.Segment is not null)
        {
            throw new OnnxException($"{what} is stored in segments, which no exporter writes. Save the model again with whole tensors.");
        }

        ReadOnlyMemory<byte> bytes;
        if (proto.DataLocation == TensorProto.Types.DataLocation.External)
        {
            bytes = ReadExternal(proto, external, byteCount, what);
        }
        else if (proto.HasRawData)
        {
            RequireCount(proto.RawData.Length, byteCount, "bytes", proto, what);
            bytes = proto.RawData.Memory;
        }
        else
        {
            bytes = ReadFields(proto, type, byteCount / type.ByteSize(), what);
        }

        return new TensorData(shape, type, type == ElementType.Boolean ? ZeroOrOne(bytes) : bytes);
    }

    private static ReadOnlyMemory<byte> ReadExternal(TensorProto proto, IExternalData external, int byteCount, string what)
    {
        string location = Entry(proto, "location")
            ?? throw new OnnxException($"{what} is said to lie in another file, but no location is given. The file is damaged.");
        long offset = Number(proto, "offset", what) ?? 0;
        if (Number(proto, "length", what) is { } length)
        {
            RequireCount(length, byteCount, "bytes", proto, what);
        }

        return external.Read(location, offset, byteCount, what);
    }

    /// <summary>The fields that hold small tensors element by element; narrow types share the 32-bit field.</summary>
    private static byte[] ReadFields(TensorProto proto, ElementType type, int count, string what) => type switch
    {
        ElementType.Float32 => Convert(proto.FloatData, count, proto, what, static element => element),
        ElementType.Float64 => Convert(proto.DoubleData, count, proto, what, static element => element),
        ElementType.Int64 => Convert(proto.Int64Data, count, proto, what, static element => element),
        ElementType.UInt64 => Convert(proto.Uint64Data, count, proto, what, static element => element),
        ElementType.UInt32 => Convert(proto.Uint64Data, count, proto, what, static element => unchecked((uint)element)),
        ElementType.Int32 => Convert(proto.Int32Data, count, proto, what, static element => element),
        ElementType.Boolean => Convert(proto.Int32Data, count, proto, what, static element => (byte)(element != 0 ? 1 : 0)),
        ElementType.Int8 or ElementType.UInt8 => Convert(proto.Int32Data, count, proto, what, static element => unchecked((byte)element)),
        _ => Convert(proto.Int32Data, count, proto, what, static element => unchecked((ushort)element)),
    };

    private static byte[] Convert<TField, TElement>(
        RepeatedField<TField> field, int count, TensorProto proto, string what, Func<TField, TElement> convert)
        where TElement : unmanaged
    {
        RequireCount(field.Count, count, "elements", proto, what);
        var elements = new TElement[count];
        for (int index = 0; index < count; index++)
        {
            elements[index] = convert(field[index]);
        }

        return MemoryMarshal.AsBytes(elements.AsSpan()).ToArray();
    }

    /// <summary>Conditions are computed with as 0 and 1; a file may hold any byte.</summary>
    private static ReadOnlyMemory<byte> ZeroOrOne(ReadOnlyMemory<byte> bytes) =>
        bytes.Span.ContainsAnyExceptInRange((byte)0, (byte)1)
            ? Array.ConvertAll(bytes.ToArray(), value => (byte)(value != 0 ? 1 : 0))
            : bytes;

    private static void RequireCount(long received, long expected, string unit, TensorProto proto, string what)
    {
        if (received != expected)
        {
            throw new OnnxException(
                $"{what} has the dimensions [{string.Join(", ", proto.Dims)}], which take {expected} {unit}, but {received} are there. "
                + "The file is damaged or truncated; fetch or export it again.");
        }
    }

    private static string? Entry(TensorProto proto, string key) =>
        proto.ExternalData.FirstOrDefault(entry => entry.Key == key)?.Value;

    private static long? Number(TensorProto proto, string key, string what) => Entry(proto, key) switch
    {
        null => null,
        var text when long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out long number) => number,
        var text => throw new OnnxException($"{what} lies in another file at the {key} '{text}'. Expected a number of at least 0."),
    };

    private static string Describe(TensorProto proto) => proto.Name.Length > 0 ? $"The tensor '{proto.Name}'" : "A tensor without a name";
}
