using System.Collections.Immutable;
using Sepal.Graphs;
using Sepal.Onnx.Protocol;
using Sepal.Operators;

namespace Sepal.Onnx.Import;

/// <summary>
/// One node of a file while it is imported: what an operator's importer reads, and where it puts what it makes. Axes, shapes
/// and constants are in the file's order until an importer asks for a layout.
/// </summary>
internal sealed class NodeImport
{
    private readonly GraphImporter _importer;
    private readonly NodeProto _node;
    private readonly ImportedValue?[] _inputs;
    private readonly ImportedValue?[] _outputs;
    private readonly string _path;

    public NodeImport(GraphImporter importer, NodeProto node, ImportedValue?[] inputs)
    {
        _importer = importer;
        _node = node;
        _inputs = inputs;
        _outputs = new ImportedValue?[node.Output.Count];
        _path = node.Name.Length > 0 ? node.Name : node.Output.FirstOrDefault(name => name.Length > 0) ?? node.OpType;
        Attributes = new NodeAttributes(node.Attribute, problem => Error(problem, "Correct the file, or export it again."));
    }

    public string OperatorType => _node.OpType;

    /// <summary>The version of the operator set that the file is written in.</summary>
    public int Opset => _importer.Opset;

    /// <summary>The file's batch where it was opened, see <see cref="ImportRequest.OpenedBatch"/>.</summary>
    public long? OpenedBatch => _importer.OpenedBatch;

    public NodeAttributes Attributes { get; }

    /// <summary>The number of inputs, with missing ones at the end left out.</summary>
    public int InputCount => _inputs.Length;

    /// <summary>The number of outputs that the node lists.</summary>
    public int OutputCount => _node.Output.Count;

    /// <summary>What the node gives; complete once its importer has run.</summary>
    public IReadOnlyList<ImportedValue?> Outputs => _outputs;

    /// <summary>Whether an output is listed, so that somebody may read it.</summary>
    public bool WantsOutput(int index) => index < _node.Output.Count && _node.Output[index].Length > 0;

    /// <summary>Whether an optional input is there.</summary>
    public bool HasInput(int index) => index < _inputs.Length && _inputs[index] is not null;

    /// <summary>An input that must be there.</summary>
    public ImportedValue Input(int index) => HasInput(index)
        ? _inputs[index]!
        : throw Error($"input {index} is missing", "Correct the file, or export it again.");

    /// <summary>An input in the file's axis order.</summary>
    public Value Planar(int index) => _importer.Forms.Get(Input(index), TensorLayout.Planar);

    /// <summary>An input with axis 1, the channels, moved to the end.</summary>
    public Value ChannelsLast(int index) => _importer.Forms.Get(Input(index), TensorLayout.ChannelsLast);

    /// <summary>An input in a layout.</summary>
    public Value In(TensorLayout layout, int index) => _importer.Forms.Get(Input(index), layout);

    /// <summary>The layout in which an input exists already, so that reading it so costs nothing.</summary>
    public TensorLayout NativeLayout(int index) => Input(index).NativeLayout ?? TensorLayout.Planar;

    /// <summary>
    /// A weight with its axes permuted, for example a kernel from <c>OIHW</c> to <c>HWIO</c>. Known numbers become a parameter;
    /// anything else is permuted when the model runs.
    /// </summary>
    /// <param name="index">Which input.</param>
    /// <param name="permutation">Which axis of the file each axis is.</param>
    /// <param name="shape">The shape for the permuted elements; theirs where not given.</param>
    /// <param name="trainable">False for statistics that training must leave alone.</param>
    public Value Weight(int index, int[] permutation, Shape? shape = null, bool trainable = true) =>
        _importer.Forms.Permuted(Input(index), permutation, shape, trainable);

    /// <summary>A weight with one axis, such as a bias.</summary>
    public Value Vector(int index, bool trainable = true) => Weight(index, [0], trainable: trainable);

    /// <summary>
    /// All inputs for an operator that works element by element with broadcasting: channels-last if one of the largest rank
    /// is so already, each padded with leading axes where that needs it.
    /// </summary>
    public (ImmutableArray<Value> Values, TensorLayout Layout) Aligned()
    {
        int rank = 0;
        for (int index = 0; index < InputCount; index++)
        {
            rank = Math.Max(rank, Input(index).Rank);
        }

        bool channelsLast = rank >= 3 && _inputs.Any(input => input!.Rank == rank && input.NativeLayout == TensorLayout.ChannelsLast);
        TensorLayout layout = channelsLast ? TensorLayout.ChannelsLast : TensorLayout.Planar;
        return ([.. Enumerable.Range(0, InputCount).Select(index => AlignedInput(index, rank, layout))], layout);
    }

    /// <summary>An input of an operator with broadcasting, so that its axes meet those of a tensor of a rank in a layout.</summary>
    public Value AlignedInput(int index, int rank, TensorLayout layout)
    {
        ImportedValue input = Input(index);
        if (layout == TensorLayout.Planar || input.Rank == rank)
        {
            return In(layout, index);
        }

        if (input.Shape.All(dimension => dimension == 1))
        {
            return Planar(index);
        }

        // The missing leading axes have the extent 1, and where they go no element moves.
        Shape padded = new([.. Enumerable.Repeat((Dimension)1, rank - input.Rank), .. input.Shape]);
        int[] toChannelsLast = TensorLayouts.ToChannelsLast(rank);
        int missing = rank - input.Rank;
        int[] permutation = [.. toChannelsLast.Where(axis => axis >= missing).Select(axis => axis - missing)];
        return _importer.Forms.Permuted(input, permutation, TensorLayouts.Permute(padded, toChannelsLast));
    }

    /// <summary>An input's elements, which must be known while importing.</summary>
    /// <exception cref="NeedsValueException">They depend on what the model is given.</exception>
    public TensorData Constant(int index)
    {
        ImportedValue input = Input(index);
        return input.Data ?? throw NeedsValue($"its result depends on the elements of '{input.Name}'");
    }

    /// <summary>A constant input's elements as 64-bit integers, of whatever integer type they are.</summary>
    /// <exception cref="NeedsValueException">They depend on what the model is given.</exception>
    public long[] Int64s(int index) => IntegerElements.Read(Constant(index))
        ?? throw Error($"input {index} holds {Input(index).DeclaredType}", "Expected integers.");

    /// <summary>An input's integers as expressions of the open dimensions.</summary>
    /// <exception cref="NeedsValueException">They depend on more than sizes.</exception>
    public ImmutableArray<Dimension> Dimensions(int index) =>
        Input(index).Elements ?? [.. Int64s(index).Select(Dimension.FromInt64)];

    /// <summary>A constant input's elements as 32-bit floats.</summary>
    /// <exception cref="NeedsValueException">They depend on what the model is given.</exception>
    public ReadOnlySpan<float> Floats(int index)
    {
        TensorData data = Constant(index);
        return data.ElementType == ElementType.Float32
            ? data.Elements<float>()
            : throw Error($"input {index} holds {Input(index).DeclaredType}", "Expected floating-point numbers.");
    }

    /// <summary>An axis from 0, where negative ones count from the end.</summary>
    public int Axis(long axis, int rank)
    {
        long position = axis < 0 ? axis + rank : axis;
        return position >= 0 && position < rank
            ? (int)position
            : throw Error($"the axis is {axis}", $"Expected one from {-rank} to {rank - 1}.");
    }

    /// <summary>Adds a node to the graph.</summary>
    /// <param name="operator">What it computes.</param>
    /// <param name="inputs">What it reads.</param>
    /// <param name="part">Its name within this node; none for the main one, whose value gets the file's name.</param>
    public Value Add(Operator @operator, ImmutableArray<Value> inputs, string? part = null) =>
        AddNode(@operator, inputs, part).Output;

    /// <summary>Adds a node that may have several outputs to the graph.</summary>
    /// <param name="operator">What it computes.</param>
    /// <param name="inputs">What it reads.</param>
    /// <param name="part">Its name within this node; none for the main one, whose value gets the file's name.</param>
    public Node AddNode(Operator @operator, ImmutableArray<Value> inputs, string? part = null) => part is null
        ? _importer.Names.AddNode(_importer.Builder, _path, @operator, inputs, _node.Output.Count > 0 ? _node.Output[0] : null)
        : _importer.Names.AddNode(_importer.Builder, $"{_path}/{part}", @operator, inputs, valueName: null);

    /// <summary>Adds a constant to the graph.</summary>
    /// <param name="data">Its elements.</param>
    /// <param name="part">Its name within this node.</param>
    public Value Store(TensorData data, string part) => _importer.Builder.Constant(_importer.Names.Reserve($"{_path}/{part}"), data);

    /// <summary>Puts a value's axes in another order; no step where no element moves.</summary>
    public Value Move(Value source, int[] permutation, string part = "transpose") =>
        _importer.Forms.Move(source, permutation, $"{_path}/{part}");

    /// <summary>Gives a value's elements another shape; no step at run time.</summary>
    public Value Reshaped(Value source, Shape shape, string part = "reshape") =>
        _importer.Forms.Reshaped(source, shape, $"{_path}/{part}");

    /// <summary>Says what an output is.</summary>
    /// <param name="index">Which output.</param>
    /// <param name="value">Its value in the graph.</param>
    /// <param name="layout">In which order the value's axes lie.</param>
    /// <param name="type">The type that the file would give it; by default that of the first input.</param>
    public void Output(int index, Value value, TensorLayout layout, ElementType? type = null)
    {
        if (index >= _outputs.Length)
        {
            return;
        }

        int rank = value.Shape.Rank;
        bool channelsLast = layout == TensorLayout.ChannelsLast && rank >= 3;
        Shape shape = channelsLast ? TensorLayouts.Permute(value.Shape, TensorLayouts.ToPlanar(rank)) : value.Shape;
        ElementType declared = type ?? Input(0).DeclaredType;
        if (StorageTypes.Of(declared) != value.Spec.ElementType)
        {
            throw Error($"it makes {value.Spec.ElementType} where {declared} was expected", "This is an error of Sepal: please report it.");
        }

        _outputs[index] = new ImportedValue(_node.Output[index], shape, declared)
        {
            Planar = channelsLast ? null : value,
            ChannelsLast = channelsLast ? value : null,
            NativeLayout = layout,
        };
    }

    /// <summary>Says that an output is known while importing.</summary>
    /// <param name="index">Which output.</param>
    /// <param name="data">Its elements, in the storage type of <paramref name="type"/>.</param>
    /// <param name="type">The type that the file would give it.</param>
    public void OutputConstant(int index, TensorData data, ElementType type) =>
        _outputs[index] = new ImportedValue(_node.Output[index], data.Shape, type)
        {
            Data = data,
            Elements = IntegerElements.AsDimensions(data),
        };

    /// <summary>Says that an output is integers that follow from sizes.</summary>
    public void OutputDimensions(int index, Shape shape, ImmutableArray<Dimension> elements, ElementType type) =>
        _outputs[index] = IntegerElements.Value(_node.Output[index], shape, elements, type);

    /// <summary>Says that an output is an input under another name.</summary>
    public void OutputSame(int index, int input) => OutputAlias(index, Input(input));

    /// <summary>Says that an output is a value under another name.</summary>
    public void OutputAlias(int index, ImportedValue source) => _outputs[index] = source;

    /// <summary>Reads a tensor that is an attribute.</summary>
    public ImportedValue Read(TensorProto tensor) => _importer.Read(tensor);

    /// <summary>Counts memory for a constant that is made here against the caller's limit; ask before allocating it.</summary>
    public void Take(long bytes) => _importer.Take(bytes);

    /// <summary>Makes the error to throw when the node depends on what is known only when the model is run.</summary>
    /// <param name="dependence">On what, a sentence without its full stop.</param>
    public NeedsValueException NeedsValue(string dependence) => new(
        $"Node '{_path}' ({OperatorType}): {dependence}, which is known only when the model is run. "
        + "Run it with an InferenceSession, or export it with that fixed.");

    /// <summary>Makes the error to throw when the node cannot be.</summary>
    /// <param name="problem">What is wrong, a sentence without its full stop.</param>
    /// <param name="remedy">What was expected and how to get there, a whole sentence.</param>
    public SepalException Error(string problem, string remedy) => new($"Node '{_path}' ({OperatorType}): {problem}. {remedy}");
}
