using Sepal.Graphs;
using DataType = Sepal.Onnx.Protocol.TensorProto.Types.DataType;

namespace Sepal.Onnx;

/// <summary>Element types under their ONNX names and numbers.</summary>
internal static class OnnxElementTypes
{
    /// <summary>The ONNX type of an element type.</summary>
    public static DataType ToOnnx(this ElementType type) => type switch
    {
        ElementType.Float32 => DataType.Float,
        ElementType.Float64 => DataType.Double,
        ElementType.Float16 => DataType.Float16,
        ElementType.BFloat16 => DataType.Bfloat16,
        ElementType.Int64 => DataType.Int64,
        ElementType.Int32 => DataType.Int32,
        ElementType.Int16 => DataType.Int16,
        ElementType.Int8 => DataType.Int8,
        ElementType.UInt64 => DataType.Uint64,
        ElementType.UInt32 => DataType.Uint32,
        ElementType.UInt16 => DataType.Uint16,
        ElementType.UInt8 => DataType.Uint8,
        ElementType.Boolean => DataType.Bool,
        _ => throw new ArgumentOutOfRangeException(nameof(type), type, "not an element type"),
    };

    /// <summary>The element type of an ONNX type number.</summary>
    /// <param name="dataType">The number in the file.</param>
    /// <param name="what">What has that type, for the message: <c>The tensor 'w'</c>.</param>
    /// <exception cref="OnnxException">It is none that Sepal stores.</exception>
    public static ElementType FromOnnx(int dataType, string what) => (DataType)dataType switch
    {
        DataType.Float => ElementType.Float32,
        DataType.Double => ElementType.Float64,
        DataType.Float16 => ElementType.Float16,
        DataType.Bfloat16 => ElementType.BFloat16,
        DataType.Int64 => ElementType.Int64,
        DataType.Int32 => ElementType.Int32,
        DataType.Int16 => ElementType.Int16,
        DataType.Int8 => ElementType.Int8,
        DataType.Uint64 => ElementType.UInt64,
        DataType.Uint32 => ElementType.UInt32,
        DataType.Uint16 => ElementType.UInt16,
        DataType.Uint8 => ElementType.UInt8,
        DataType.Bool => ElementType.Boolean,
        DataType.Undefined => throw new OnnxException($"{what} has no element type. The file is damaged, or was not written by an ONNX exporter."),
        var other => throw new OnnxException(
            $"{what} has the element type {Describe(other)}. Expected floating point of 16 to 64 bits, bfloat16, integers of 8 to 64 bits, or bool."),
    };

    private static string Describe(DataType type) => Enum.IsDefined(type) ? type.ToString().ToLowerInvariant() : $"number {(int)type}";
}
