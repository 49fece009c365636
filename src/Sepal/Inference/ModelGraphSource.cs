using System.Collections.Immutable;
using Sepal.Graphs;
using Sepal.Onnx;

namespace Sepal.Inference;

/// <summary>One graph with open dimensions, and a model's parameters as they are at the time of a run.</summary>
/// <param name="model">The model.</param>
/// <param name="ownsModel">Whether it is disposed of with the session.</param>
internal sealed class ModelGraphSource(Model model, bool ownsModel) : IGraphSource
{
    private readonly Lazy<Dictionary<string, Value>> _values = new(() => ValuesOf(model.Graph));

    public ImmutableArray<TensorInfo> Inputs { get; } = [.. model.Graph.Inputs.Select(TensorInfo.Of)];

    public ImmutableArray<TensorInfo> Outputs { get; } = [.. model.Graph.Outputs.Select(TensorInfo.Of)];

    public ModelMetadata Metadata { get; } = new();

    public Specialization Specialization => Specialization.None;

    public bool Widen(Specialization insufficient) => false;

    public SourceGraph GraphFor(ImmutableArray<Shape> shapes, ImmutableArray<TensorData?> elements, ImmutableArray<string>? outputs) =>
        new(outputs is { } names ? model.Graph.For([.. names.Select(Find)]) : model.Graph, model.Store, OwnsParameters: false);

    public void Dispose()
    {
        if (ownsModel)
        {
            model.Dispose();
        }
    }

    private static Dictionary<string, Value> ValuesOf(Graph graph)
    {
        var values = new Dictionary<string, Value>(StringComparer.Ordinal);
        foreach (Value value in graph.Inputs.Concat(graph.Nodes.SelectMany(node => node.Inputs.Concat(node.Outputs))))
        {
            values.TryAdd(value.Name, value);
        }

        return values;
    }

    private Value Find(string name) => _values.Value.TryGetValue(name, out Value? value)
        ? value
        : throw new SepalException(
            $"The model has no value '{name}'. Its outputs: {string.Join(", ", Outputs.Select(output => $"'{output.Name}'"))}. "
            + "Every node's outputs can be asked for, by the node's name; the model's summary lists them.");
}
