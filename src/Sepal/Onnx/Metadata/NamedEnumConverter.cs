using System.Text.Json.Serialization;

namespace Sepal.Onnx.Metadata;

/// <summary>Enumerations by name alone: a number could be none of the values.</summary>
/// <typeparam name="T">The enumeration.</typeparam>
internal sealed class NamedEnumConverter<T>() : JsonStringEnumConverter<T>(namingPolicy: null, allowIntegerValues: false)
    where T : struct, Enum;
