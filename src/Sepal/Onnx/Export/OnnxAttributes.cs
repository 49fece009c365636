using Google.Protobuf;
using Sepal.Onnx.Protocol;
using AttributeType = Sepal.Onnx.Protocol.AttributeProto.Types.AttributeType;

namespace Sepal.Onnx.Export;

/// <summary>Makes the attributes of ONNX nodes.</summary>
internal static class OnnxAttributes
{
    public static AttributeProto Int(string name, long value) => new() { Name = name, Type = AttributeType.Int, I = value };

    public static AttributeProto Float(string name, float value) => new() { Name = name, Type = AttributeType.Float, F = value };

    public static AttributeProto String(string name, string value) =>
        new() { Name = name, Type = AttributeType.String, S = ByteString.CopyFromUtf8(value) };

    public static AttributeProto Ints(string name, params ReadOnlySpan<long> values)
    {
        var attribute = new AttributeProto { Name = name, Type = AttributeType.Ints };
        attribute.Ints.AddRange(values.ToArray());
        return attribute;
    }

    public static AttributeProto Ints(string name, Size2D size) => Ints(name, size.Height, size.Width);
}
