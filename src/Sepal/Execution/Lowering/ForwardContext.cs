using Sepal.Graphs;

namespace Sepal.Execution.Lowering;

/// <summary>What an operator's lowering sees: the plan being built, and the buffers of the values made so far.</summary>
internal sealed class ForwardContext(
    PlanBuilder plan, Func<Value, PlanBuffer> stored, IReadOnlyDictionary<string, long> symbols, bool training)
{
    private readonly Dictionary<Value, PlanBuffer> _buffers = [];
    private readonly Dictionary<(Node Node, string Name), PlanBuffer> _saved = [];
    private readonly Dictionary<Node, int> _positions = [];
    private readonly Dictionary<Node, BatchStatistics> _statistics = [];
    private readonly Dictionary<Value, DeferredNormalization> _deferred = [];
    private readonly Dictionary<Node, DeferredNormalization> _unwritten = [];

    public PlanBuilder Plan { get; } = plan;

    /// <summary>Threads that will run the plan. Parts may follow from it where what they compute does not.</summary>
    public int Threads { get; init; } = 1;

    /// <summary>Whether batch statistics and dropout apply, and what gradients need must be kept.</summary>
    public bool Training { get; } = training;

    /// <summary>Whether nodes of a training plan are computed together. Off only to test that this changes next to nothing.</summary>
    public bool Fuses { get; init; } = true;

    /// <summary>Which nodes are computed together; null at inference, where rewrites have seen to it.</summary>
    public TrainingFusion? Fusion { get; set; }

    /// <summary>The graph whose nodes' positions count, where only a part of it is lowered; otherwise what is lowered.</summary>
    public Graph? Whole { get; init; }

    /// <summary>Adds the steps of one more node.</summary>
    public void Lower(Node node)
    {
        _positions.Add(node, Whole?.Nodes.IndexOf(node) ?? _positions.Count);
        if (Fusion?.NormalizationBefore(node) is not null || Fusion?.IsPooled(node) == true)
        {
            return;
        }

        // Asks for the lengths before any kernel is made for the node: kernels count in 32 bits.
        if (!EmptyTensors.TryLower(this, node))
        {
            LoweringRegistry.Lower(this, node);
            return;
        }

        foreach (Value input in node.Inputs)
        {
            TakeDeferred(input)?.AddStep();
        }
    }

    /// <summary>Where in the graph a node stands, from 0; what tells its random numbers from those of other nodes.</summary>
    public int Position(Node node) => _positions[node];

    /// <summary>A value's dimensions as numbers.</summary>
    /// <exception cref="SepalException">One is negative, or larger than any axis that can be run.</exception>
    public int[] Dimensions(Value value) => [.. value.Shape.Select(dimension => Extent(value, dimension))];

    /// <summary>A dimension as a number.</summary>
    public long Evaluate(Dimension dimension) => dimension.Evaluate(symbols);

    /// <summary>How many elements a value has.</summary>
    /// <exception cref="SepalException">More than kernels, which count in 32 bits, can tell apart.</exception>
    public long Length(Value value)
    {
        long length = value.Shape.ElementCount.Evaluate(symbols);
        return length <= int.MaxValue
            ? length
            : throw new SepalException(
                $"The value '{value.Name}' {value.Spec.Describe()} has {length:N0} elements in a run; a value can have {int.MaxValue:N0} at most. "
                + "Use a smaller batch, or a smaller input.");
    }

    /// <summary>The buffer of a value that was made before, of an input, of a parameter or of a constant.</summary>
    public PlanBuffer Buffer(Value value) => value is Parameter or ConstantValue ? stored(value) : _buffers[value];

    /// <summary>Reserves the buffer of a value.</summary>
    public PlanBuffer Allocate(Value value)
    {
        PlanBuffer buffer = Plan.AllocateBytes(value.Name, checked(Length(value) * value.Spec.ElementType.ByteSize()));
        _buffers.Add(value, buffer);
        return buffer;
    }

    /// <summary>Says that a value is another one's elements in the same order: no step, no memory.</summary>
    public void Alias(Value value, Value source) => _buffers.Add(value, Buffer(source));

    /// <summary>Reserves memory for what the forward pass keeps for a node's gradient.</summary>
    public PlanBuffer Save(Node node, string name, long floats)
    {
        PlanBuffer buffer = Plan.Allocate($"{node.Name}/{name}", floats);
        _saved.Add((node, name), buffer);
        return buffer;
    }

    /// <summary>What the forward pass kept for a node's gradient.</summary>
    public PlanBuffer Saved(Node node, string name) => _saved[(node, name)];

    /// <summary>Keeps what an earlier step measures for a batch normalisation.</summary>
    public void Keep(Node normalization, BatchStatistics statistics) => _statistics.Add(normalization, statistics);

    /// <summary>What an earlier step measures for a batch normalisation; null where none does.</summary>
    public BatchStatistics? StatisticsOf(Node normalization) => _statistics.GetValueOrDefault(normalization);

    /// <summary>Leaves a normalisation to the convolution that reads what it writes.</summary>
    public void Defer(Value value, DeferredNormalization normalization) => _deferred.Add(value, normalization);

    /// <summary>What is left to be done before a value is read, by whoever takes it; null where nothing is.</summary>
    public DeferredNormalization? TakeDeferred(Value value) => _deferred.Remove(value, out DeferredNormalization? deferred) ? deferred : null;

    /// <summary>Says that a convolution's input is never written: whatever reads it makes it anew.</summary>
    public void LeaveUnwritten(Node convolution, DeferredNormalization normalization) => _unwritten.Add(convolution, normalization);

    /// <summary>What makes a convolution's input where that is never written; otherwise null.</summary>
    public DeferredNormalization? Unwritten(Node convolution) => _unwritten.GetValueOrDefault(convolution);

    private int Extent(Value value, Dimension dimension)
    {
        long number = Evaluate(dimension);
        return number is >= 0 and <= int.MaxValue
            ? (int)number
            : throw new SepalException(
                $"The value '{value.Name}' {value.Spec.Describe()} cannot have a dimension of {number}: expected 0 to {int.MaxValue}. "
                + "Use input sizes that the model was made for.");
    }
}
