using System.Collections.Immutable;
using System.Globalization;
using Sepal.Execution;
using Sepal.Graphs;
using Sepal.Onnx.Protocol;

namespace Sepal.Onnx.Export;

/// <summary>
/// A file's graph in the making. A value's name in the file is its name in the graph; images are NCHW there. Every other form
/// that an ONNX operator needs is made when first asked for: by a permuted copy of stored numbers, or by a transpose.
/// </summary>
internal sealed class ExportContext
{
    private readonly ParameterStore _numbers;
    private readonly HashSet<string> _names = new(StringComparer.Ordinal);
    private readonly Dictionary<(Value Value, string Form), string> _forms = [];
    private readonly Dictionary<Value, (string Initializer, int[] Order)> _stored = [];
    private readonly Dictionary<float, string> _scalars = [];
    private readonly OpenDimensions _open;

    public ExportContext(Graph graph, ParameterStore numbers)
    {
        Graph = graph;
        _open = new OpenDimensions(this);
        _numbers = numbers;
        foreach (Value value in graph.Inputs.Concat(graph.Parameters).Concat(graph.Constants).Concat(graph.Nodes.SelectMany(node => node.Outputs)))
        {
            _names.Add(value.Name);
        }

        _names.UnionWith(graph.Nodes.Select(node => node.Name));
    }

    /// <summary>What is exported.</summary>
    public Graph Graph { get; }

    /// <summary>The nodes and tensors so far.</summary>
    public GraphProto Proto { get; } = new();

    /// <summary>Names of the ONNX nodes that were added since this was last cleared.</summary>
    public List<string> Added { get; } = [];

    /// <summary>Where and in which order each stored value went that was asked for.</summary>
    public (string Initializer, int[] Order)? Stored(Value value) => _stored.TryGetValue(value, out var stored) ? stored : null;

    /// <summary>A name that nothing has yet.</summary>
    public string Fresh(string name)
    {
        string fresh = name;
        for (int number = 1; !_names.Add(fresh); number++)
        {
            fresh = string.Create(CultureInfo.InvariantCulture, $"{name}_{number}");
        }

        return fresh;
    }

    /// <summary>Tells that a value is there from now on: an input, or what a node made, in the file's order.</summary>
    public void Define(Value value)
    {
        _forms.Add((value, Key(value.Spec.Rank, AxisOrder.OfFile(value.Spec.Rank))), value.Name);
        _open.Define(value);
    }

    /// <summary>A value in the file's order.</summary>
    public string Name(Value value) => Form(value, value.Spec.Rank, AxisOrder.OfFile(value.Spec.Rank));

    /// <summary>A value in Sepal's order: images NHWC.</summary>
    public string ChannelsLast(Value value) => Form(value, value.Spec.Rank, AxisOrder.Same(value.Spec.Rank));

    /// <summary>A value so that the file's broadcasting does with it what Sepal's does.</summary>
    /// <param name="value">An operand.</param>
    /// <param name="rank">The result's rank.</param>
    public string Broadcast(Value value, int rank) => rank == 4 ? Form(value, 4, AxisOrder.Image) : ChannelsLast(value);

    /// <summary>A convolution's or dense layer's kernel as ONNX convolutions take it.</summary>
    public string Kernel(Value value) => Form(value, 4, AxisOrder.Kernel);

    /// <summary>A scalar; each number is stored once.</summary>
    public string Scalar(float value)
    {
        if (!_scalars.TryGetValue(value, out string? name))
        {
            name = Fresh(string.Create(CultureInfo.InvariantCulture, $"scalar/{value}"));
            _scalars.Add(value, name);
            Proto.Initializer.Add(OnnxTensor.Write(name, TensorData.Of([], ElementType.Float32, [value])));
        }

        return name;
    }

    /// <summary>Stores integers, such as pads or a shape.</summary>
    public string Integers(string owner, string part, params ReadOnlySpan<long> values)
    {
        string name = Fresh($"{owner}/{part}");
        Proto.Initializer.Add(OnnxTensor.Write(name, TensorData.OfInt64(values)));
        return name;
    }

    /// <summary>Integers that may depend on open dimensions, as a vector: what <c>Resize</c> or <c>Expand</c> take for a shape.</summary>
    /// <exception cref="OnnxException">They depend on a symbol that is no dimension of anything in the graph.</exception>
    public string Dimensions(Node node, string part, IReadOnlyList<Dimension> dimensions) => _open.Vector(node.Name, part, dimensions);

    /// <summary>Adds the ONNX node that makes what a node makes, under the node's own name, in the file's order.</summary>
    public void Add(Node node, string operatorType, ImmutableArray<string> inputs, params ReadOnlySpan<AttributeProto> attributes)
    {
        AddNode(node.Name, operatorType, inputs, [.. node.Outputs.Select(output => output.Name)], attributes);
        foreach (Value output in node.Outputs)
        {
            Define(output);
        }
    }

    /// <summary>Adds the ONNX node that makes what a node makes, but in Sepal's order: images are transposed after it.</summary>
    public void AddChannelsLast(Node node, string operatorType, ImmutableArray<string> inputs, params ReadOnlySpan<AttributeProto> attributes)
    {
        if (node.Outputs.All(output => output.Spec.Rank != 4))
        {
            Add(node, operatorType, inputs, attributes);
            return;
        }

        string name = Fresh($"{node.Name}/channels_last");
        ImmutableArray<string> made =
            [.. node.Outputs.Select((output, index) => output.Spec.Rank != 4 ? output.Name : index == 0 ? name : Fresh($"{output.Name}/channels_last"))];
        AddNode(name, operatorType, inputs, made, attributes);

        // The first output's transpose has the node's name, and comes last as what has it always does.
        for (int index = node.Outputs.Length - 1; index >= 0; index--)
        {
            Value output = node.Outputs[index];
            if (output.Spec.Rank == 4)
            {
                AddNode(index == 0 ? node.Name : Fresh($"{output.Name}/transpose"), "Transpose", [made[index]], [output.Name], [OnnxAttributes.Ints("perm", 0, 3, 1, 2)]);
            }

            Define(output);
        }
    }

    /// <summary>Adds an ONNX node on the way to what a node makes.</summary>
    /// <returns>The name of what it makes.</returns>
    public string AddPart(
        string owner, string part, string operatorType, ImmutableArray<string> inputs, params ReadOnlySpan<AttributeProto> attributes)
    {
        string name = Fresh($"{owner}/{part}");
        AddNode(name, operatorType, inputs, [name], attributes);
        return name;
    }

    /// <summary>Adds an ONNX node on the way to what a node makes.</summary>
    /// <returns>The name of what it makes.</returns>
    public string AddPart(Node node, string part, string operatorType, ImmutableArray<string> inputs, params ReadOnlySpan<AttributeProto> attributes) =>
        AddPart(node.Name, part, operatorType, inputs, attributes);

    /// <summary>A value with dimensions of 1 in front up to a rank, and then its axes in an order.</summary>
    private string Form(Value value, int rank, int[] order)
    {
        string key = Key(rank, order);
        if (_forms.TryGetValue((value, key), out string? name))
        {
            return name;
        }

        if (value is Parameter or ConstantValue)
        {
            name = Store(value, rank, order);
        }
        else if (rank == value.Spec.Rank)
        {
            int[] present = AxisOrder.Inverse(AxisOrder.OfFile(rank));
            name = Transpose(value, Name(value), [.. order.Select(axis => present[axis])]);
        }
        else if (AxisOrder.IsSame(order))
        {
            // Leading dimensions go in front of Sepal's order, not the file's.
            string axes = Integers(value.Name, "axes", [.. Enumerable.Range(0, rank - value.Spec.Rank).Select(axis => (long)axis)]);
            name = AddPart(value.Name, "unsqueezed", "Unsqueeze", [ChannelsLast(value), axes]);
        }
        else
        {
            name = Transpose(value, Form(value, rank, AxisOrder.Same(rank)), order);
        }

        _forms.Add((value, key), name);
        return name;
    }

    private string Transpose(Value value, string source, int[] order) => AddPart(
        value.Name, "transposed", "Transpose", [source], OnnxAttributes.Ints("perm", [.. order.Select(axis => (long)axis)]));

    private string Store(Value value, int rank, int[] order)
    {
        TensorData data = value is ConstantValue constant
            ? constant.Data
            : TensorData.Of(value.Shape, ElementType.Float32, _numbers.Read((Parameter)value));
        var padded = new Shape([.. Enumerable.Repeat(Dimension.FromInt64(1), rank - data.Shape.Rank), .. data.Shape]);
        data = AxisOrder.Permute(new TensorData(padded, data.ElementType, data.Bytes), order);
        string name = _stored.ContainsKey(value) ? Fresh($"{value.Name}/transposed") : value.Name;
        _stored.TryAdd(value, (name, order));
        Proto.Initializer.Add(OnnxTensor.Write(name, data));
        return name;
    }

    private void AddNode(
        string name, string operatorType, ImmutableArray<string> inputs, ImmutableArray<string> outputs, ReadOnlySpan<AttributeProto> attributes)
    {
        var node = new NodeProto { Name = name, OpType = operatorType };
        node.Input.AddRange(inputs);
        node.Output.AddRange(outputs);
        node.Attribute.AddRange(attributes.ToArray());
        Proto.Node.Add(node);
        Added.Add(name);
    }

    private static string Key(int rank, int[] order) => $"{rank}:{string.Join(',', order)}";
}
