using System.Text.Json;
using System.Text.Json.Serialization;

namespace Sepal.Onnx.Metadata;

/// <summary>Padding as JSON: <c>"valid"</c>, <c>"same"</c>, or the rows and columns <c>[top, left, bottom, right]</c>.</summary>
internal sealed class Padding2DConverter : JsonConverter<Padding2D>
{
    /// <inheritdoc/>
    public override Padding2D Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType == JsonTokenType.String)
        {
            return reader.GetString() switch
            {
                "valid" => Padding2D.Valid,
                "same" => Padding2D.Same,
                _ => throw new JsonException("padding is valid, same or four numbers"),
            };
        }

        var numbers = new List<int>();
        if (reader.TokenType == JsonTokenType.StartArray)
        {
            while (reader.Read() && reader.TokenType == JsonTokenType.Number && numbers.Count < 4 && reader.TryGetInt32(out int number))
            {
                numbers.Add(number);
            }
        }

        return reader.TokenType == JsonTokenType.EndArray && numbers is [var top, var left, var bottom, var right]
            ? Padding2D.Explicit(top, left, bottom, right)
            : throw new JsonException("padding is valid, same or four numbers");
    }

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, Padding2D value, JsonSerializerOptions options)
    {
        if (value.Mode != PaddingMode.Explicit)
        {
            writer.WriteStringValue(value.ToString());
            return;
        }

        writer.WriteStartArray();
        writer.WriteNumberValue(value.Top);
        writer.WriteNumberValue(value.Left);
        writer.WriteNumberValue(value.Bottom);
        writer.WriteNumberValue(value.Right);
        writer.WriteEndArray();
    }
}
