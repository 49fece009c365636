using Sepal.Onnx.Protocol;

namespace Sepal.Onnx.Import;

/// <summary>A node's attributes by name, with the defaults of the operator's specification given by the caller.</summary>
internal sealed class NodeAttributes
{
    private readonly Dictionary<string, AttributeProto> _attributes = new(StringComparer.Ordinal);
    private readonly Func<string, SepalException> _error;

    public NodeAttributes(IEnumerable<AttributeProto> attributes, Func<string, SepalException> error)
    {
        _error = error;
        foreach (AttributeProto attribute in attributes)
        {
            if (!_attributes.TryAdd(attribute.Name, attribute))
            {
                throw error($"it has two attributes '{attribute.Name}'");
            }
        }
    }

    public bool Has(string name) => _attributes.ContainsKey(name);

    public long Int(string name, long otherwise) => Find(name, AttributeProto.Types.AttributeType.Int)?.I ?? otherwise;

    /// <summary>An integer that must fit 32 bits, such as an axis.</summary>
    public int Int32(string name, int otherwise) => ToInt32(name, Int(name, otherwise));

    public bool Flag(string name, bool otherwise) => Int(name, otherwise ? 1 : 0) != 0;

    public float Float(string name, float otherwise) => Find(name, AttributeProto.Types.AttributeType.Float)?.F ?? otherwise;

    public string Text(string name, string otherwise) =>
        Find(name, AttributeProto.Types.AttributeType.String)?.S.ToStringUtf8() ?? otherwise;

    public TensorProto? Tensor(string name) => Find(name, AttributeProto.Types.AttributeType.Tensor)?.T;

    /// <summary>A list of integers; null where the attribute is missing.</summary>
    public long[]? Ints(string name) => Find(name, AttributeProto.Types.AttributeType.Ints) is { } found ? [.. found.Ints] : null;

    /// <summary>A list of integers that must fit 32 bits; null where the attribute is missing.</summary>
    public int[]? Int32s(string name) => Ints(name)?.Select(value => ToInt32(name, value)).ToArray();

    public float[]? Floats(string name) => Find(name, AttributeProto.Types.AttributeType.Floats) is { } found ? [.. found.Floats] : null;

    private int ToInt32(string name, long value) => value is >= int.MinValue and <= int.MaxValue
        ? (int)value
        : throw _error($"the attribute '{name}' holds {value}, which does not fit 32 bits");

    private AttributeProto? Find(string name, AttributeProto.Types.AttributeType type)
    {
        if (!_attributes.TryGetValue(name, out AttributeProto? attribute))
        {
            return null;
        }

        // Files of the first IR versions leave the type out.
        return attribute.Type == type || attribute.Type == AttributeProto.Types.AttributeType.Undefined
            ? attribute
            : throw _error($"the attribute '{name}' is of the type {attribute.Type}, but {type} was expected");
    }
}
