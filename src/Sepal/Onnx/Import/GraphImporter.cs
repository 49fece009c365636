using System.Collections.Immutable;
using Sepal.Graphs;
using Sepal.Onnx.Files;
using Sepal.Onnx.Protocol;

namespace Sepal.Onnx.Import;

/// <summary>
/// Makes a graph of a file: inputs, initialisers, then node after node in the order of the data. What follows from constants
/// and sizes alone is computed here and leaves no node.
/// </summary>
internal sealed class GraphImporter
{
    private readonly Dictionary<string, ImportedValue> _values = new(StringComparer.Ordinal);
    private readonly ImportOptions _options;
    private readonly IExternalData _external;
    private readonly MemoryBudget _budget;

    private GraphImporter(ImportOptions options, int opset, IExternalData external, MemoryBudget budget, long? openedBatch)
    {
        OpenedBatch = openedBatch;
        _options = options;
        _external = external;
        _budget = budget;
        Opset = opset;
        Forms = new ValueForms(Names, Builder);
    }

    /// <summary>The version of ONNX's own operator set.</summary>
    public int Opset { get; }

    /// <summary>See <see cref="ImportRequest.OpenedBatch"/>.</summary>
    public long? OpenedBatch { get; }

    public GraphBuilder Builder { get; } = new();

    public GraphNames Names { get; } = new();

    public ValueForms Forms { get; }

    /// <summary>Imports a file's graph.</summary>
    /// <param name="model">The file.</param>
    /// <param name="external">Where tensors outside the file are read from.</param>
    /// <param name="options">The caller's options.</param>
    /// <param name="request">What the graph is for.</param>
    public static ImportedGraph Import(
        ModelProto model, IExternalData external, ImportOptions options, ImportRequest request)
    {
        int opset = OperatorSets.Version(model);
        var importer = new GraphImporter(options, opset, external, new MemoryBudget(options.MemoryLimit), request.OpenedBatch);
        SupportedOperators.Require(model, opset, options);
        return importer.Import(model.Graph, request);
    }

    /// <summary>Reads a tensor of the file into the type in which the graph stores it.</summary>
    public ImportedValue Read(TensorProto tensor, bool isInitializer = false)
    {
        _budget.Take(OnnxTensor.ByteCount(tensor));
        TensorData data = OnnxTensor.Read(tensor, _external);
        TensorData stored = TensorDataConversion.To(data, StorageTypes.Of(data.ElementType));
        return new ImportedValue(tensor.Name, data.Shape, data.ElementType)
        {
            Data = stored,
            Elements = IntegerElements.AsDimensions(stored),
            IsInitializer = isInitializer,
        };
    }

    /// <summary>Counts memory against the caller's limit.</summary>
    public void Take(long bytes) => _budget.Take(bytes);

    /// <summary>A value of the file.</summary>
    private ImportedValue Value(string name) => _values.TryGetValue(name, out ImportedValue? value)
        ? value
        : throw new GraphException(
            $"The output '{name}' is not made by any node. Known values: {string.Join(", ", _values.Keys.Take(20))}{(_values.Count > 20 ? ", …" : string.Empty)}.");

    private ImportedGraph Import(GraphProto graph, ImportRequest request)
    {
        foreach (TensorProto initializer in graph.Initializer)
        {
            if (!_values.TryAdd(initializer.Name, Read(initializer, isInitializer: true)))
            {
                throw new GraphException($"Two initialisers are named '{initializer.Name}'. Every value must have a name of its own.");
            }
        }

        // Files of the first IR versions list initialisers among the inputs, too; there they are defaults, taken as given.
        ValueInfoProto[] inputs = [.. graph.Input.Where(input => !_values.ContainsKey(input.Name))];
        ImmutableArray<ImportedValue> declared = new GraphInputs(Names, Builder, request).Declare(inputs);
        foreach (ImportedValue input in declared)
        {
            if (!_values.TryAdd(input.Name, input))
            {
                throw new GraphException($"Two inputs are named '{input.Name}'. Every value must have a name of its own.");
            }
        }

        IReadOnlyList<string> wanted = request.Outputs ?? [.. graph.Output.Select(output => output.Name)];
        if (wanted.Count == 0)
        {
            throw new GraphException("The file's graph has no output. Export the model again.");
        }

        var shapes = new StatedShapes(graph);
        foreach (NodeProto node in NodeOrder.Sort(graph.Node, _values.ContainsKey))
        {
            Import(node, shapes);
        }

        ImmutableArray<ImportedValue> outputs = [.. wanted.Select(Value)];
        var border = new GraphOutputs(Names, Builder, Forms, request.Border);
        return new ImportedGraph(Builder.Build([.. outputs.Zip(wanted, border.Output)]), declared, outputs);
    }

    private void Import(NodeProto node, StatedShapes shapes)
    {
        ImportedValue?[] inputs = [.. node.Input.Select(name => name.Length == 0 ? null : _values[name])];
        int count = Array.FindLastIndex(inputs, input => input is not null) + 1;
        var import = new NodeImport(this, node, inputs[..count]);
        Action<NodeImport>? importer = ImporterRegistry.Find(node.Domain, node.OpType);
        try
        {
            if (importer is null)
            {
                OpaqueImporter.Import(import, node, shapes);
            }
            else if (!ShapeArithmetic.TryFold(import) && !TryFold(node, import, importer))
            {
                importer(import);
            }
        }
        catch (GraphException exception) when (Array.Exists(inputs, HasOpenSize))
        {
            // Some sizes may fit: what they are is known when the model is run.
            throw new NeedsValueException(exception.Message);
        }
        catch (Exception exception) when (exception is OverflowException or ArgumentException or KeyNotFoundException or InvalidOperationException or IndexOutOfRangeException)
        {
            throw import.Error($"its attributes or inputs are not what the operator takes ({exception.Message})", "Export the model again.");
        }

        for (int index = 0; index < node.Output.Count; index++)
        {
            if (node.Output[index].Length > 0)
            {
                _values[node.Output[index]] = import.Outputs[index] ?? throw import.Error(
                    $"its output {index} ('{node.Output[index]}') is not supported", "Export the model without it.");
            }
        }
    }

    /// <summary>Whether more is open than a batch in front.</summary>
    private static bool HasOpenSize(ImportedValue? value) => value is not null
        && value.Shape.Where((dimension, axis) => !dimension.IsKnown && (axis > 0 || dimension.SymbolName is null)).Any();

    /// <summary>Runs a node whose inputs are all known, in a graph of its own, if that is little work.</summary>
    private bool TryFold(NodeProto node, NodeImport import, Action<NodeImport> importer)
    {
        // Quantisation stays in the graph: taking it out is a rewrite's business. The other two have nothing to compute.
        bool keeps = node.OpType is "QuantizeLinear" or "DequantizeLinear" or "Identity" or "Constant";
        ImportedValue?[] inputs = [.. Enumerable.Range(0, import.InputCount).Select(index => import.HasInput(index) ? import.Input(index) : null)];
        if (keeps || inputs.Length == 0 || inputs.Any(input => input is { IsConstant: false }))
        {
            return false;
        }

        var scope = new GraphImporter(_options, Opset, _external, _budget, openedBatch: null);
        var copy = new NodeImport(scope, node, [.. inputs.Select(Copy)]);
        importer(copy);
        return ConstantFolding.TryRun(scope.Builder, scope.Forms, copy, import, _budget);
    }

    /// <summary>A constant without forms, to be used in another graph.</summary>
    private static ImportedValue? Copy(ImportedValue? value) => value is null
        ? null
        : new ImportedValue(value.Name, value.Shape, value.DeclaredType) { Data = value.Data, Elements = value.Elements };
}
