using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Sepal.Graphs;
using Sepal.Onnx.Protocol;

namespace Sepal.Onnx.Metadata;

/// <summary>The entries that Sepal adds to a file's <c>metadata_props</c>; <c>docs/onnx.md</c> describes them.</summary>
internal static class MetadataEntries
{
    public const string Version = "sepal.version";
    public const string Input = "sepal.input";
    public const string Preprocessing = "sepal.preprocessing";
    public const string Classes = "sepal.classes";
    public const string Graph = "sepal.graph";

    /// <summary>What these entries look like; a reader leaves entries of another version alone.</summary>
    private const string PresentVersion = "1";

    public static void Write(ModelProto model, Graph graph, GraphDescription description, OnnxExportOptions options)
    {
        Add(model, Version, PresentVersion);
        if (graph.Inputs is [{ Spec.Rank: > 0 } input, ..])
        {
            var entry = new InputEntry { Name = input.Name, Shape = input.Shape.WithoutBatch() };
            Add(model, Input, JsonSerializer.Serialize(entry, MetadataJson.Default.InputEntry));
        }

        if (options.Preprocessing is { } preprocessing)
        {
            Add(model, Preprocessing, JsonSerializer.Serialize(PreprocessingEntry.Of(preprocessing), MetadataJson.Default.PreprocessingEntry));
        }

        if (!options.ClassNames.IsDefaultOrEmpty)
        {
            Add(model, Classes, JsonSerializer.Serialize<string[]>([.. options.ClassNames], MetadataJson.Default.StringArray));
        }

        Add(model, Graph, JsonSerializer.Serialize(description, MetadataJson.Default.GraphDescription));
    }

    /// <summary>What the file says about its input and its classes.</summary>
    /// <exception cref="OnnxException">An entry of Sepal's is not what it should be.</exception>
    public static ModelMetadata Read(ModelProto model)
    {
        InputEntry? input = Read(model, Input, MetadataJson.Default.InputEntry);
        return new ModelMetadata
        {
            InputName = input?.Name,
            InputShape = input?.Shape,
            Preprocessing = Read(model, Preprocessing, MetadataJson.Default.PreprocessingEntry)?.ToPreprocessing(),
            ClassNames = [.. Read(model, Classes, MetadataJson.Default.StringArray) ?? []],
        };
    }

    /// <summary>The description of the graph behind the file's nodes, if there is one that still belongs to them.</summary>
    /// <returns>Null where there is none, or where another tool changed the nodes since.</returns>
    /// <exception cref="OnnxException">The entry is not what it should be.</exception>
    public static GraphDescription? ReadGraph(ModelProto model) =>
        Read(model, Graph, MetadataJson.Default.GraphDescription) is { } description && description.Fingerprint == GraphFingerprint.Of(model)
            ? description
            : null;

    private static T? Read<T>(ModelProto model, string key, JsonTypeInfo<T> type)
        where T : class
    {
        if (Find(model, Version) is { } version && version != PresentVersion)
        {
            return null;
        }

        if (Find(model, key) is not { } text)
        {
            return null;
        }

        try
        {
            return JsonSerializer.Deserialize(text, type) ?? throw new JsonException("It is null.");
        }
        catch (Exception exception) when (exception is JsonException or SepalException)
        {
            throw new OnnxException(
                $"The metadata entry '{key}' is not what Sepal writes there: {exception.Message} Remove the entry, or export the model again.", exception);
        }
    }

    private static string? Find(ModelProto model, string key) => model.MetadataProps.FirstOrDefault(entry => entry.Key == key)?.Value;

    private static void Add(ModelProto model, string key, string value) =>
        model.MetadataProps.Add(new StringStringEntryProto { Key = key, Value = value });
}

/// <summary>The input in Sepal's axis order, without the batch.</summary>
internal sealed record InputEntry
{
    public required string Name { get; init; }

    public required Shape Shape { get; init; }
}

/// <summary>How entries become JSON; generated at build time, so that nothing is lost to trimming.</summary>
[JsonSourceGenerationOptions(
    JsonSerializerDefaults.General,
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    RespectNullableAnnotations = true,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    Converters = [typeof(ShapeConverter), typeof(NamedEnumConverter<ElementType>), typeof(NamedEnumConverter<ImageChannels>)])]
[JsonSerializable(typeof(InputEntry))]
[JsonSerializable(typeof(PreprocessingEntry))]
[JsonSerializable(typeof(string[]))]
[JsonSerializable(typeof(GraphDescription))]
internal sealed partial class MetadataJson : JsonSerializerContext;
