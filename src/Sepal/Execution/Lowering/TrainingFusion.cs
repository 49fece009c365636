using Sepal.Graphs;
using Sepal.Operators;

namespace Sepal.Execution.Lowering;

/// <summary>
/// Which nodes of a training plan are computed together: a batch normalisation and the activation that alone reads it, with a
/// convolution the sums that a normalisation beside it makes of what the convolution writes, and a ReLU with the maximum pooling
/// that alone reads it.
/// </summary>
internal sealed class TrainingFusion
{
    private readonly Graph _graph;
    private readonly ForwardContext _context;
    private readonly Dictionary<Node, Node> _activations = [];
    private readonly Dictionary<Node, Node> _normalizations = [];
    private readonly Dictionary<Value, Node> _written = [];
    private readonly Dictionary<Node, Node> _rectifiers = [];
    private readonly HashSet<Node> _pooled = [];

    public TrainingFusion(Graph graph, ForwardContext context)
    {
        _graph = graph;
        _context = context;
        foreach (Node node in graph.Nodes)
        {
            if (!IsByBatch(node) || context.Length(node.Output) == 0)
            {
                continue;
            }

            Node last = node;
            if (OnlyReader(node.Output) is { } reader && BatchNormalizationLowering.CanActivate(reader))
            {
                _activations.Add(node, reader);
                _normalizations.Add(reader, node);
                last = reader;
            }

            _written.Add(last.Output, node);
        }

        foreach (Node node in graph.Nodes.Where(IsPooledRectifier))
        {
            _rectifiers.Add(OnlyReader(node.Output)!, node);
            _pooled.Add(node);
        }
    }

    /// <summary>The activation that is computed with a batch normalisation.</summary>
    public Node? ActivationAfter(Node normalization) => _activations.GetValueOrDefault(normalization);

    /// <summary>The batch normalisation with which an activation is computed.</summary>
    public Node? NormalizationBefore(Node activation) => _normalizations.GetValueOrDefault(activation);

    /// <summary>The batch normalisation, by the batch's own statistics, that alone reads a node's output.</summary>
    public Node? NormalizationReading(Node node) =>
        OnlyReader(node.Output) is { } reader && IsByBatch(reader) && reader.Inputs[0] == node.Output ? reader : null;

    /// <summary>The batch normalisation that writes a value, with an activation or without, if a single node reads that once.</summary>
    public Node? NormalizationWriting(Value value) =>
        _written.TryGetValue(value, out Node? normalization) && OnlyReader(value) is not null ? normalization : null;

    /// <summary>The convolution that alone reads a value, as its image.</summary>
    public Node? ConvolutionReading(Value value) =>
        OnlyReader(value) is { Operator: Convolution } reader && reader.Inputs[0] == value ? reader : null;

    /// <summary>The ReLU that a maximum pooling computes of its results, in place of its input.</summary>
    public Node? RectifierBefore(Node pooling) => _rectifiers.GetValueOrDefault(pooling);

    /// <summary>Whether a node is a ReLU that the pooling after it computes.</summary>
    public bool IsPooled(Node node) => _pooled.Contains(node);

    /// <summary>
    /// The order of a ReLU and a maximum makes no difference to values or gradients, and after pooling there is less to do.
    /// </summary>
    private bool IsPooledRectifier(Node node) =>
        node is { Operator: Unary { Function: UnaryFunction.Relu } }
        && node.Output.Spec.ElementType == ElementType.Float32
        && NormalizationBefore(node) is null
        && OnlyReader(node.Output) is { Operator: Pooling { Function: PoolingFunction.Maximum }, Outputs.Length: 1 } pooling
        && _context.Length(pooling.Output) > 0;

    private bool IsByBatch(Node node) =>
        node.Operator is BatchNormalization && BatchNormalizationLowering.UsesBatchStatistics(_context, node);

    private Node? OnlyReader(Value value) =>
        !_graph.Outputs.Contains(value) && _graph.Consumers(value) is [var reader] && reader.Inputs.Count(input => input == value) == 1
            ? reader
            : null;
}
