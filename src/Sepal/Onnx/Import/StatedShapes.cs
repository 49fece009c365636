using Sepal.Graphs;
using Sepal.Onnx.Protocol;

namespace Sepal.Onnx.Import;

/// <summary>The shapes and types that a file states for values inside the graph and at its end.</summary>
internal sealed class StatedShapes
{
    private readonly Dictionary<string, ValueInfoProto> _infos = new(StringComparer.Ordinal);

    public StatedShapes(GraphProto graph)
    {
        foreach (ValueInfoProto info in graph.ValueInfo.Concat(graph.Output))
        {
            _infos.TryAdd(info.Name, info);
        }
    }

    /// <summary>What the file states for a value; null where it states no full shape.</summary>
    public TensorSpec? Find(string name)
    {
        if (!_infos.TryGetValue(name, out ValueInfoProto? info) || info.Type?.TensorType is null || Read(info) is not { } shape)
        {
            return null;
        }

        return new TensorSpec(shape, OnnxElementTypes.FromOnnx(info.Type.TensorType.ElemType, $"The value '{name}'")) { AxisOrder = string.Empty };
    }

    /// <summary>The shape of a value; null where the file does not say how many dimensions it has.</summary>
    public static Shape? Read(ValueInfoProto info)
    {
        if (info.Type?.TensorType?.Shape is not { } stated)
        {
            return null;
        }

        return new Shape([.. stated.Dim.Select((dimension, axis) => dimension.ValueCase switch
        {
            TensorShapeProto.Types.Dimension.ValueOneofCase.DimValue when dimension.DimValue >= 0 => (Dimension)dimension.DimValue,
            TensorShapeProto.Types.Dimension.ValueOneofCase.DimParam when !string.IsNullOrWhiteSpace(dimension.DimParam) =>
                Dimension.Symbol(dimension.DimParam),
            _ => Dimension.Symbol($"{info.Name}_{axis}"),
        })]);
    }
}
