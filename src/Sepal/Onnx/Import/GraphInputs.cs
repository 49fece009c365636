using System.Collections.Immutable;
using Sepal.Graphs;
using Sepal.Onnx.Protocol;
using Sepal.Operators;

namespace Sepal.Onnx.Import;

/// <summary>Declares a graph's inputs as the file has them, or channels-last where the graph is for a model.</summary>
internal sealed class GraphInputs(GraphNames names, GraphBuilder builder, ImportRequest request)
{
    public ImmutableArray<ImportedValue> Declare(IReadOnlyList<ValueInfoProto> inputs)
    {
        Shape[] shapes = [.. inputs.Select(Shape)];

        // Data sets count examples along the first dimension, whatever symbol the file has for it.
        bool openBatch = request.Border == TensorLayout.ChannelsLast
            && shapes.Length > 0 && shapes.All(shape => shape.Rank > 0 && (request.OpenedBatch is not null || !shape[0].IsKnown));
        return [.. inputs.Select((input, index) => Declare(
            input, openBatch ? [Dimension.Batch, .. shapes[index].Skip(1)] : shapes[index]))];
    }

    private ImportedValue Declare(ValueInfoProto input, Shape shape)
    {
        ElementType declared = OnnxElementTypes.FromOnnx(input.Type.TensorType.ElemType, $"The input '{input.Name}'");
        ElementType stored = StorageTypes.Of(declared);
        TensorData? given = request.InputValues.GetValueOrDefault(input.Name);
        if (given is null && shape.IsKnown && shape.ElementCount == 0)
        {
            given = new TensorData(shape, declared, ReadOnlyMemory<byte>.Empty);
        }

        if (given is not null)
        {
            // Still an input of the graph, so that a session's inputs are the file's; nothing reads it.
            builder.InputUnread(names.Reserve(input.Name), new TensorSpec(shape, declared) { AxisOrder = string.Empty });
            TensorData data = TensorDataConversion.To(given, stored);
            return new ImportedValue(input.Name, shape, declared) { Data = data, Elements = IntegerElements.AsDimensions(data) };
        }

        if (request.Border == TensorLayout.ChannelsLast)
        {
            bool moves = shape.Rank >= 3;
            Shape inner = TensorLayouts.Permute(shape, TensorLayouts.ToChannelsLast(shape.Rank));
            Value value = builder.Input(names.Reserve(input.Name), new TensorSpec(inner, stored));
            return new ImportedValue(input.Name, shape, declared)
            {
                Planar = moves ? null : value,
                ChannelsLast = moves ? value : null,
                NativeLayout = TensorLayout.ChannelsLast,
            };
        }

        string axes = shape.Rank switch { 4 => "NCHW", 2 => "NC", _ => string.Empty };
        Value asInFile = builder.Input(names.Reserve(input.Name), new TensorSpec(shape, declared) { AxisOrder = axes });
        Value cast = declared == stored ? asInFile : names.Add(builder, $"{input.Name}/cast", new Cast(stored), [asInFile]);
        return new ImportedValue(input.Name, shape, declared) { Planar = cast };
    }

    private Shape Shape(ValueInfoProto input)
    {
        if (input.Type?.ValueCase != TypeProto.ValueOneofCase.TensorType)
        {
            throw new SepalException(
                $"The input '{input.Name}' is not a tensor ({input.Type?.ValueCase.ToString() ?? "no type"}). Export the model with tensors as inputs.");
        }

        if (request.InputShapes.TryGetValue(input.Name, out Shape? known))
        {
            return known;
        }

        return StatedShapes.Read(input)
            ?? throw new NeedsValueException(
                $"The file does not say how many dimensions the input '{input.Name}' has. Run it with an InferenceSession, or export it with shapes.");
    }
}
