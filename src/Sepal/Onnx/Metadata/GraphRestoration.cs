using System.Runtime.InteropServices;
using Sepal.Graphs;
using Sepal.Onnx.Files;
using Sepal.Onnx.Import;
using Sepal.Onnx.Protocol;
using Sepal.Training.Initializers;

namespace Sepal.Onnx.Metadata;

/// <summary>
/// Builds the graph that a file's description tells of, with the file's numbers: the same nodes in the same order as when it
/// was written, so that it trains on bit for bit. The description is checked like anything else in a file.
/// </summary>
internal sealed class GraphRestoration
{
    private readonly GraphBuilder _builder = new();
    private readonly Dictionary<string, Value> _values = new(StringComparer.Ordinal);
    private readonly Dictionary<string, TensorProto> _initializers = new(StringComparer.Ordinal);
    private readonly IExternalData _external;
    private readonly MemoryBudget _budget;

    private GraphRestoration(ModelProto model, IExternalData external, MemoryBudget budget)
    {
        _external = external;
        _budget = budget;
        foreach (TensorProto tensor in model.Graph.Initializer)
        {
            _initializers[tensor.Name] = tensor;
        }
    }

    /// <param name="description">What <see cref="MetadataEntries.ReadGraph"/> gave.</param>
    /// <param name="model">The file it is from.</param>
    /// <param name="external">Where tensors outside the file are read from.</param>
    /// <param name="budget">What the tensors may take; a description can name one many times.</param>
    /// <exception cref="SepalException">The description contradicts itself or the file.</exception>
    public static Graph Restore(GraphDescription description, ModelProto model, IExternalData external, MemoryBudget budget)
    {
        var restoration = new GraphRestoration(model, external, budget);
        return restoration.Restore(description);
    }

    private Graph Restore(GraphDescription description)
    {
        RequireNames(
        [
            .. description.Inputs.Select(input => input.Name),
            .. description.Parameters.Select(parameter => parameter.Stored.Name),
            .. description.Constants.Select(constant => constant.Name),
            .. description.Nodes.SelectMany(node => node.Outputs.Append(node.Name)),
        ]);
        foreach (InputDescription input in description.Inputs)
        {
            _values.Add(input.Name, _builder.Input(input.Name, new TensorSpec(input.Shape, input.ElementType)));
        }

        foreach (ParameterDescription parameter in description.Parameters)
        {
            string name = parameter.Stored.Name;
            TensorData data = Read(parameter.Stored);
            if (data.ElementType != ElementType.Float32)
            {
                throw new OnnxException($"The parameter '{name}' is stored as {data.ElementType}. Expected {ElementType.Float32}.");
            }

            _values.Add(name, _builder.Parameter(
                name,
                data.Shape,
                new Given(MemoryMarshal.Cast<byte, float>(data.Bytes.Span).ToArray()),
                fans: null,
                parameter.Trainable,
                parameter.L2));
        }

        foreach (StoredDescription constant in description.Constants)
        {
            _values.Add(constant.Name, _builder.Constant(constant.Name, Read(constant)));
        }

        foreach (NodeDescription node in description.Nodes)
        {
            Node added = _builder.Add(
                node.Name,
                OperatorAttributes.Read(node.Operator, node.Attributes),
                [.. node.Inputs.Select(Value)],
                node.Layer,
                index => index < node.Outputs.Length ? node.Outputs[index] : throw WrongOutputs(node));
            if (added.Outputs.Length != node.Outputs.Length)
            {
                throw WrongOutputs(node);
            }

            foreach (Value output in added.Outputs)
            {
                _values.Add(output.Name, output);
            }
        }

        return _builder.Build([.. description.Outputs.Select(Value)]);
    }

    private static void RequireNames(IEnumerable<string> names)
    {
        if (names.Any(string.IsNullOrWhiteSpace))
        {
            throw new OnnxException("The metadata describe a node, a parameter or a value without a name. The file is damaged.");
        }
    }

    private Value Value(string name) => _values.TryGetValue(name, out Value? value)
        ? value
        : throw new OnnxException($"The metadata name the value '{name}', which nothing before it makes. The file is damaged.");

    private static OnnxException WrongOutputs(NodeDescription node) => new(
        $"The metadata name {node.Outputs.Length} output(s) of the node '{node.Name}', but its operator {node.Operator} has another number. The file is damaged.");

    /// <summary>A stored tensor in Sepal's axis order.</summary>
    private TensorData Read(StoredDescription stored)
    {
        if (!_initializers.TryGetValue(stored.Initializer, out TensorProto? tensor))
        {
            throw Mismatch(stored, "which is not there");
        }

        int rank = stored.Order.Length;
        if (tensor.Dims.Count != rank || rank < stored.Shape.Rank || !stored.Order.Order().SequenceEqual(AxisOrder.Same(rank)))
        {
            throw Mismatch(stored, $"which has the dimensions [{string.Join(", ", tensor.Dims)}]");
        }

        _budget.Take(OnnxTensor.ByteCount(tensor));
        TensorData data = AxisOrder.Permute(OnnxTensor.Read(tensor, _external), AxisOrder.Inverse(stored.Order));
        Shape padded = [.. Enumerable.Repeat(Dimension.FromInt64(1), rank - stored.Shape.Rank), .. stored.Shape];
        return padded.Equals(data.Shape)
            ? new TensorData(stored.Shape, data.ElementType, data.Bytes)
            : throw Mismatch(stored, $"which has the dimensions [{string.Join(", ", tensor.Dims)}]");
    }

    private static OnnxException Mismatch(StoredDescription stored, string problem) => new(
        $"The metadata say that '{stored.Name}' {stored.Shape} lies in the initializer '{stored.Initializer}' in the axis order "
        + $"[{string.Join(", ", stored.Order)}], {problem}. The file is damaged.");
}
