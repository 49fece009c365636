using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Sepal.Graphs;
using Sepal.Operators;

namespace Sepal.Onnx.Metadata;

/// <summary>Operators' attributes as JSON, and back: one line an operator, here and in <see cref="OperatorJson"/>.</summary>
internal static class OperatorAttributes
{
    private static readonly Dictionary<string, Type> Types = ((Type[])
    [
        typeof(ArgExtremum),
        typeof(BatchNormalization),
        typeof(Binary),
        typeof(Cast),
        typeof(ChannelShuffle),
        typeof(Comparison),
        typeof(Concatenate),
        typeof(Convolution),
        typeof(ConvolutionTranspose),
        typeof(Dense),
        typeof(DequantizeLinear),
        typeof(DimensionVector),
        typeof(Dropout),
        typeof(Expand),
        typeof(Flatten),
        typeof(Gather),
        typeof(GatherElements),
        typeof(GlobalPooling),
        typeof(InstanceNormalization),
        typeof(LayerNormalization),
        typeof(LocalResponseNormalization),
        typeof(Logical),
        typeof(MatMul),
        typeof(Pad),
        typeof(Pooling),
        typeof(QuantizeLinear),
        typeof(Reduction),
        typeof(Rescaling),
        typeof(Reshape),
        typeof(Resize),
        typeof(Slice),
        typeof(Softmax),
        typeof(Split),
        typeof(Tile),
        typeof(TopK),
        typeof(Transpose),
        typeof(Unary),
        typeof(Where),
        typeof(ZeroPadding),
    ]).ToDictionary(type => type.Name, StringComparer.Ordinal);

    /// <summary>Whether an operator can be described.</summary>
    public static bool Knows(Type type) => Types.ContainsValue(type);

    public static JsonElement Write(Operator @operator) => JsonSerializer.SerializeToElement(@operator, TypeInfo(@operator.GetType()));

    /// <summary>Reads an operator.</summary>
    /// <param name="name">Its class name.</param>
    /// <param name="attributes">Its attributes.</param>
    /// <exception cref="OnnxException">There is no such operator, or these are not its attributes.</exception>
    public static Operator Read(string name, JsonElement attributes)
    {
        if (!Types.TryGetValue(name, out Type? type))
        {
            throw new OnnxException($"The metadata name the operator '{name}', which this version of Sepal does not know. Use the version that wrote the file.");
        }

        try
        {
            return (Operator)(attributes.Deserialize(TypeInfo(type)) ?? throw new JsonException("it is null"));
        }
        catch (Exception exception) when (exception is JsonException or SepalException)
        {
            throw new OnnxException($"The metadata hold attributes that are none of the operator {name}: {exception.Message} The file is damaged.", exception);
        }
    }

    private static JsonTypeInfo TypeInfo(Type type) => OperatorJson.Default.GetTypeInfo(type)!;
}

/// <summary>How attributes become JSON; generated at build time, so that nothing is lost to trimming.</summary>
[JsonSourceGenerationOptions(
    JsonSerializerDefaults.General,
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    IgnoreReadOnlyProperties = true,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true,
    NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
    Converters =
    [
        typeof(ShapeConverter),
        typeof(DimensionConverter),
        typeof(Padding2DConverter),
        typeof(NamedEnumConverter<BinaryFunction>),
        typeof(NamedEnumConverter<ComparisonFunction>),
        typeof(NamedEnumConverter<ElementType>),
        typeof(NamedEnumConverter<ExtremumFunction>),
        typeof(NamedEnumConverter<LogicalFunction>),
        typeof(NamedEnumConverter<PadMode>),
        typeof(NamedEnumConverter<PoolingFunction>),
        typeof(NamedEnumConverter<PoolingIndices>),
        typeof(NamedEnumConverter<ReductionFunction>),
        typeof(NamedEnumConverter<ResizeCoordinates>),
        typeof(NamedEnumConverter<ResizeMode>),
        typeof(NamedEnumConverter<ResizeRounding>),
        typeof(NamedEnumConverter<UnaryFunction>),
    ])]
[JsonSerializable(typeof(ArgExtremum))]
[JsonSerializable(typeof(BatchNormalization))]
[JsonSerializable(typeof(Binary))]
[JsonSerializable(typeof(Cast))]
[JsonSerializable(typeof(ChannelShuffle))]
[JsonSerializable(typeof(Comparison))]
[JsonSerializable(typeof(Concatenate))]
[JsonSerializable(typeof(Convolution))]
[JsonSerializable(typeof(ConvolutionTranspose))]
[JsonSerializable(typeof(Dense))]
[JsonSerializable(typeof(DequantizeLinear))]
[JsonSerializable(typeof(DimensionVector))]
[JsonSerializable(typeof(Dropout))]
[JsonSerializable(typeof(Expand))]
[JsonSerializable(typeof(Flatten))]
[JsonSerializable(typeof(Gather))]
[JsonSerializable(typeof(GatherElements))]
[JsonSerializable(typeof(GlobalPooling))]
[JsonSerializable(typeof(InstanceNormalization))]
[JsonSerializable(typeof(LayerNormalization))]
[JsonSerializable(typeof(LocalResponseNormalization))]
[JsonSerializable(typeof(Logical))]
[JsonSerializable(typeof(MatMul))]
[JsonSerializable(typeof(Pad))]
[JsonSerializable(typeof(Pooling))]
[JsonSerializable(typeof(QuantizeLinear))]
[JsonSerializable(typeof(Reduction))]
[JsonSerializable(typeof(Rescaling))]
[JsonSerializable(typeof(Reshape))]
[JsonSerializable(typeof(Resize))]
[JsonSerializable(typeof(Slice))]
[JsonSerializable(typeof(Softmax))]
[JsonSerializable(typeof(Split))]
[JsonSerializable(typeof(Tile))]
[JsonSerializable(typeof(TopK))]
[JsonSerializable(typeof(Transpose))]
[JsonSerializable(typeof(Unary))]
[JsonSerializable(typeof(Where))]
[JsonSerializable(typeof(ZeroPadding))]
internal sealed partial class OperatorJson : JsonSerializerContext;
