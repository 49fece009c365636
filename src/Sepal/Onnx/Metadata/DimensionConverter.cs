using System.Text.Json;
using System.Text.Json.Serialization;
using Sepal.Graphs;

namespace Sepal.Onnx.Metadata;

/// <summary>
/// Dimensions as JSON: a number, a symbol's name, or an array of terms whose sum it is. A term is an array of a number and its
/// factors; a factor is a symbol's name, or a floor division as an array of dividend and divisor. <c>3 + 2·height</c> is
/// <c>[[3],[2,"height"]]</c>.
/// </summary>
internal sealed class DimensionConverter : JsonConverter<Dimension>
{
    // Of terms in a sum, and of factors in a term. More than any dimension has; a hostile file may say anything.
    private const int MaximumCount = 64;

    /// <inheritdoc/>
    public override Dimension Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        switch (reader.TokenType)
        {
            case JsonTokenType.Number when reader.TryGetInt64(out long number):
                return number;
            case JsonTokenType.String:
                return Symbol(ref reader);
            case JsonTokenType.StartArray:
                Dimension sum = 0;
                for (int count = 0; Next(ref reader) != JsonTokenType.EndArray; count++)
                {
                    sum += count < MaximumCount ? Term(ref reader, options) : throw Unexpected();
                }

                return sum;
            default:
                throw Unexpected();
        }
    }

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, Dimension value, JsonSerializerOptions options)
    {
        if (value.IsKnown)
        {
            writer.WriteNumberValue(value.Value);
            return;
        }

        if (value.SymbolName is { } name)
        {
            writer.WriteStringValue(name);
            return;
        }

        writer.WriteStartArray();
        foreach (DimensionTerm term in value.Terms)
        {
            writer.WriteStartArray();
            writer.WriteNumberValue(term.Coefficient);
            foreach (DimensionFactor factor in term.Factors)
            {
                Write(writer, factor, options);
            }

            writer.WriteEndArray();
        }

        writer.WriteEndArray();
    }

    private void Write(Utf8JsonWriter writer, DimensionFactor factor, JsonSerializerOptions options)
    {
        if (factor.Symbol is { } symbol)
        {
            writer.WriteStringValue(symbol);
            return;
        }

        writer.WriteStartArray();
        Write(writer, factor.Dividend, options);
        Write(writer, factor.Divisor, options);
        writer.WriteEndArray();
    }

    /// <summary>
    /// A number times symbols and divisions. Sums are no factors, so that nothing multiplies out: what is read is no longer than
    /// the text.
    /// </summary>
    private Dimension Term(ref Utf8JsonReader reader, JsonSerializerOptions options)
    {
        if (reader.TokenType != JsonTokenType.StartArray || Next(ref reader) != JsonTokenType.Number || !reader.TryGetInt64(out long coefficient))
        {
            throw Unexpected();
        }

        Dimension product = coefficient;
        for (int count = 0; Next(ref reader) != JsonTokenType.EndArray; count++)
        {
            product *= count < MaximumCount ? Factor(ref reader, options) : throw Unexpected();
        }

        return product;
    }

    private Dimension Factor(ref Utf8JsonReader reader, JsonSerializerOptions options)
    {
        if (reader.TokenType == JsonTokenType.String)
        {
            return Symbol(ref reader);
        }

        if (reader.TokenType != JsonTokenType.StartArray)
        {
            throw Unexpected();
        }

        Next(ref reader);
        Dimension dividend = Read(ref reader, typeof(Dimension), options);
        Next(ref reader);
        Dimension divisor = Read(ref reader, typeof(Dimension), options);
        if (Next(ref reader) != JsonTokenType.EndArray || divisor is { IsKnown: true, Value: < 1 })
        {
            throw Unexpected();
        }

        Dimension quotient = Dimension.FloorDivide(dividend, divisor);
        return quotient.Terms.Length <= 1 ? quotient : throw Unexpected();
    }

    private static Dimension Symbol(ref Utf8JsonReader reader) => reader.GetString() is { } name && !string.IsNullOrWhiteSpace(name)
        ? Dimension.Symbol(name)
        : throw Unexpected();

    private static JsonTokenType Next(ref Utf8JsonReader reader) => reader.Read() ? reader.TokenType : throw Unexpected();

    private static JsonException Unexpected() => new($"a dimension is a whole number, a symbol's name, or an array of at most {MaximumCount} terms");
}
