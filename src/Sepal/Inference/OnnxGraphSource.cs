using System.Collections.Immutable;
using Sepal.Execution;
using Sepal.Graphs;
using Sepal.Onnx.Files;
using Sepal.Onnx.Import;
using Sepal.Onnx.Metadata;
using Sepal.Onnx.Protocol;

namespace Sepal.Inference;

/// <summary>
/// A file: one graph with open dimensions where that can be, otherwise imported again for every combination of shapes and,
/// where shapes depend on them, elements of inputs. Inner values are imported when they are asked for.
/// </summary>
internal sealed class OnnxGraphSource : IGraphSource
{
    // Far more than any shape, axes or factors have.
    private const int SmallLength = 1024;

    private readonly Func<ModelProto> _open;
    private readonly IExternalData _external;
    private readonly Onnx.ImportOptions _options;
    private readonly Graph? _graph;
    private readonly ParameterStore? _parameters;
    private readonly ModelProto? _file;
    private readonly Lazy<Onnx.ModelMetadata> _metadata;
    private int _specialization;

    /// <summary>Reads a file.</summary>
    /// <param name="open">Parses the file; called again when an inner value is asked for, so that it need not stay in memory.</param>
    /// <param name="external">Where tensors outside the file are read from.</param>
    /// <param name="memoryLimit">The most bytes of weights.</param>
    public OnnxGraphSource(Func<ModelProto> open, IExternalData external, long memoryLimit)
    {
        _open = open;
        _external = external;
        _options = new Onnx.ImportOptions { MemoryLimit = memoryLimit };
        ModelProto file = open();
        var entries = new ModelProto { MetadataProps = { file.MetadataProps } };
        _metadata = new Lazy<Onnx.ModelMetadata>(() => MetadataEntries.Read(entries));
        ImmutableArray<string> outputNames = [.. file.Graph.Output.Select(output => output.Name)];
        try
        {
            ImportedGraph imported = Import(file, new ImportRequest { Border = TensorLayout.Planar });
            _graph = imported.Graph;
            _parameters = Store(_graph);
            Inputs = [.. imported.Inputs.Select(input => new TensorInfo(input.Name, input.Shape, input.DeclaredType))];
            Outputs = [.. imported.Outputs.Select((output, index) => new TensorInfo(outputNames[index], output.Shape, output.DeclaredType))];
        }
        catch (NeedsValueException)
        {
            _file = file;
            _specialization = (int)Specialization.Shapes;
            HashSet<string> initializers = [.. file.Graph.Initializer.Select(initializer => initializer.Name)];
            Inputs = [.. file.Graph.Input.Where(input => !initializers.Contains(input.Name)).Select(Stated)];
            Outputs = [.. file.Graph.Output.Select(Stated)];
        }
    }

    public ImmutableArray<TensorInfo> Inputs { get; }

    public ImmutableArray<TensorInfo> Outputs { get; }

    public Onnx.ModelMetadata Metadata => _metadata.Value;

    public Specialization Specialization => (Specialization)Volatile.Read(ref _specialization);

    public bool Widen(Specialization insufficient)
    {
        if (insufficient == Specialization.SmallTensors)
        {
            return false;
        }

        Interlocked.CompareExchange(ref _specialization, (int)insufficient + 1, (int)insufficient);
        return true;
    }

    public SourceGraph GraphFor(ImmutableArray<Shape> shapes, ImmutableArray<TensorData?> elements, ImmutableArray<string>? outputs)
    {
        if (_graph is not null && Known(outputs) is { } known)
        {
            return new SourceGraph(known, _parameters!, OwnsParameters: false);
        }

        var request = new ImportRequest
        {
            Border = TensorLayout.Planar,
            Outputs = outputs?.AsEnumerable().ToArray(),
            InputShapes = _graph is not null
                ? ImmutableDictionary<string, Shape>.Empty
                : Inputs.Select((input, index) => (input.Name, Shape: shapes[index])).ToDictionary(pair => pair.Name, pair => pair.Shape),
            InputValues = Inputs.Select((input, index) => (input.Name, Data: elements[index]))
                .Where(pair => pair.Data is not null)
                .ToDictionary(pair => pair.Name, pair => pair.Data!),
        };
        Graph graph = Import(_file ?? _open(), request).Graph;
        return new SourceGraph(graph, Store(graph), OwnsParameters: true);
    }

    public void Dispose() => _parameters?.Dispose();

    /// <summary>Whether an input's elements belong to what must be known at a level.</summary>
    internal static bool Decides(Specialization level, ElementType type, Shape shape)
    {
        bool isSmall = shape.ElementCount.Value <= SmallLength;
        return isSmall && level switch
        {
            Specialization.Integers => !type.IsFloatingPoint(),
            Specialization.Vectors => !type.IsFloatingPoint() || shape.Rank <= 1,
            Specialization.SmallTensors => true,
            _ => false,
        };
    }

    private static ParameterStore Store(Graph graph)
    {
        var store = new ParameterStore(graph);
        store.Initialize(0);
        return store;
    }

    private static TensorInfo Stated(ValueInfoProto info)
    {
        ElementType type = Onnx.OnnxElementTypes.FromOnnx(info.Type?.TensorType?.ElemType ?? 0, $"The value '{info.Name}'");
        Shape? shape = StatedShapes.Read(info);
        return new TensorInfo(info.Name, shape ?? Shape.Scalar, type) { IsRankKnown = shape is not null };
    }

    private ImportedGraph Import(ModelProto file, ImportRequest request) => GraphImporter.Import(file, _external, _options, request);

    /// <summary>The graph there is, cut down to some of its outputs; null where an inner value is asked for.</summary>
    private Graph? Known(ImmutableArray<string>? outputs)
    {
        if (outputs is not { } names)
        {
            return _graph;
        }

        int[] positions = [.. names.Select(name => Outputs.IndexOf(Outputs.FirstOrDefault(output => output.Name == name)!))];
        return positions.Contains(-1) ? null : _graph!.For([.. positions.Select(position => _graph.Outputs[position])]);
    }
}
