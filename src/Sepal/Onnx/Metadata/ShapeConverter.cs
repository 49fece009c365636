using System.Text.Json;
using System.Text.Json.Serialization;
using Sepal.Graphs;

namespace Sepal.Onnx.Metadata;

/// <summary>Shapes as JSON arrays: numbers, and open dimensions by their symbols' names.</summary>
internal sealed class ShapeConverter : JsonConverter<Shape>
{
    // More than any tensor has; a hostile file may say anything.
    private const int MaximumRank = 64;

    /// <inheritdoc/>
    public override Shape Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType != JsonTokenType.StartArray)
        {
            throw new JsonException("a shape is an array");
        }

        var dimensions = new List<Dimension>();
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            dimensions.Add(reader.TokenType switch
            {
                JsonTokenType.Number when reader.TryGetInt64(out long number) => number,
                JsonTokenType.String when reader.GetString() is { } name && !string.IsNullOrWhiteSpace(name) => Dimension.Symbol(name),
                _ => throw new JsonException("a dimension is a whole number or a symbol's name"),
            });
            if (dimensions.Count > MaximumRank)
            {
                throw new JsonException($"a shape has at most {MaximumRank} dimensions");
            }
        }

        return new Shape([.. dimensions]);
    }

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, Shape value, JsonSerializerOptions options)
    {
        writer.WriteStartArray();
        foreach (Dimension dimension in value)
        {
            if (dimension.IsKnown)
            {
                writer.WriteNumberValue(dimension.Value);
            }
            else
            {
                writer.WriteStringValue(dimension.ToString());
            }
        }

        writer.WriteEndArray();
    }
}
