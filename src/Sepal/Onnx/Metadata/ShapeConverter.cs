using System.Text.Json;
using System.Text.Json.Serialization;
using Sepal.Graphs;

namespace Sepal.Onnx.Metadata;

/// <summary>Shapes as JSON arrays of dimensions.</summary>
internal sealed class ShapeConverter : JsonConverter<Shape>
{
    private static readonly DimensionConverter Dimensions = new();

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
            dimensions.Add(Dimensions.Read(ref reader, typeof(Dimension), options));
            if (dimensions.Count > Shape.MaximumRank)
            {
                throw new JsonException($"a shape has at most {Shape.MaximumRank} dimensions");
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
            Dimensions.Write(writer, dimension, options);
        }

        writer.WriteEndArray();
    }
}
