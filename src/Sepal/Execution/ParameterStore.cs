using Sepal.Graphs;
using Sepal.Randomness;

namespace Sepal.Execution;

/// <summary>
/// The numbers of a model: all trainable parameters in one stretch of memory in graph order, all others in a second, each
/// parameter on a cache line of its own start. The graph's constants lie in a third.
/// </summary>
internal sealed class ParameterStore : IDisposable
{
    private readonly Graph _graph;
    private readonly Dictionary<Value, PlanBuffer> _buffers = [];
    private readonly AlignedMemory _trainable;
    private readonly AlignedMemory _state;
    private readonly AlignedMemory _constants;
    private bool _disposed;

    public ParameterStore(Graph graph)
    {
        _graph = graph;
        long trainableBytes = 0;
        long stateBytes = 0;
        foreach (Parameter parameter in graph.Parameters)
        {
            if (parameter.Length > int.MaxValue)
            {
                throw new SepalException(
                    $"The parameter '{parameter.Name}' {parameter.Shape} has {parameter.Length:N0} numbers; one can have {int.MaxValue:N0} at most. "
                    + "Use fewer filters or units.");
            }

            ref long bytes = ref parameter.Trainable ? ref trainableBytes : ref stateBytes;
            var buffer = new PlanBuffer(
                parameter.Name,
                parameter.Trainable ? MemorySpace.Parameters : MemorySpace.State,
                checked(parameter.Length * sizeof(float)))
            {
                Offset = bytes,
            };
            _buffers.Add(parameter, buffer);
            bytes = checked(bytes + AlignedMemory.RoundUp(buffer.ByteCount));
        }

        _trainable = new AlignedMemory(trainableBytes);
        _state = new AlignedMemory(stateBytes);
        _constants = StoreConstants();
    }

    /// <summary>Counts changes, so that plans know when to prepare their kernels anew.</summary>
    public int Version { get; private set; } = 1;

    public AlignedMemory Trainable => _trainable;

    public AlignedMemory State => _state;

    /// <summary>Where a parameter or a constant of the graph lies.</summary>
    public PlanBuffer Buffer(Value value)
    {
        ArgumentNullException.ThrowIfNull(value);
        return _buffers.TryGetValue(value, out PlanBuffer? buffer)
            ? buffer
            : throw new SepalException(
                $"The parameter '{value.Name}' is not one of this model. Take it from the model's own Graph.Parameters.");
    }

    /// <summary>A parameter's numbers, to read.</summary>
    public ReadOnlySpan<float> Read(Parameter parameter) => Span(parameter);

    /// <summary>A parameter's numbers, to write.</summary>
    public Span<float> Write(Parameter parameter)
    {
        MarkChanged();
        return Span(parameter);
    }

    public void MarkChanged() => Version++;

    /// <summary>Fills every parameter by its initialiser, each from a random stream of its own.</summary>
    public void Initialize(ulong seed)
    {
        for (int index = 0; index < _graph.Parameters.Length; index++)
        {
            Parameter parameter = _graph.Parameters[index];
            var random = new RandomStream(seed, RandomStreams.Initializer(index));
            parameter.Initializer.Fill(Span(parameter), parameter.Fans, random);
        }

        MarkChanged();
    }

    /// <summary>Copies all numbers out, to be restored later.</summary>
    public (float[] Trainable, float[] State) Snapshot() =>
        (_trainable.Floats(0, _trainable.ByteCount / sizeof(float)).ToArray(), _state.Floats(0, _state.ByteCount / sizeof(float)).ToArray());

    public void Restore((float[] Trainable, float[] State) snapshot)
    {
        snapshot.Trainable.CopyTo(_trainable.Floats(0, snapshot.Trainable.Length));
        snapshot.State.CopyTo(_state.Floats(0, snapshot.State.Length));
        MarkChanged();
    }

    /// <summary>Checks that the memory was not freed: contexts hold addresses, which nothing else would notice.</summary>
    /// <exception cref="ObjectDisposedException">It was.</exception>
    public void RequireAlive() => ObjectDisposedException.ThrowIf(_disposed, typeof(Model));

    public void Bind(RunContext context)
    {
        context.Bind(MemorySpace.Parameters, _trainable);
        context.Bind(MemorySpace.State, _state);
        context.Bind(MemorySpace.Constants, _constants);
    }

    public void Dispose()
    {
        _disposed = true;
        _trainable.Dispose();
        _state.Dispose();
        _constants.Dispose();
    }

    private unsafe AlignedMemory StoreConstants()
    {
        long bytes = 0;
        foreach (ConstantValue constant in _graph.Constants)
        {
            var buffer = new PlanBuffer(constant.Name, MemorySpace.Constants, constant.Data.Bytes.Length) { Offset = bytes };
            _buffers.Add(constant, buffer);
            bytes = checked(bytes + AlignedMemory.RoundUp(buffer.ByteCount));
        }

        var memory = new AlignedMemory(bytes);
        foreach (ConstantValue constant in _graph.Constants)
        {
            ReadOnlySpan<byte> data = constant.Data.Bytes.Span;
            data.CopyTo(new Span<byte>(memory.Pointer + _buffers[constant].Offset, data.Length));
        }

        return memory;
    }

    private Span<float> Span(Parameter parameter)
    {
        PlanBuffer buffer = Buffer(parameter);
        return (parameter.Trainable ? _trainable : _state).Floats(buffer.Offset, parameter.Length);
    }
}
