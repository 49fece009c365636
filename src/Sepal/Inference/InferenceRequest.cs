using System.Collections.Frozen;
using System.Collections.Immutable;
using Sepal.Execution;
using Sepal.Graphs;

namespace Sepal.Inference;

/// <summary>
/// Memory for one run at a time: write the inputs, <see cref="Run"/>, read the outputs, over and over. A run allocates
/// nothing. For one caller at a time; several requests of one session share its weights.
/// </summary>
public sealed class InferenceRequest : IDisposable
{
    private const int Idle = 0;
    private const int Running = 1;
    private const int RunningToBeDisposed = 2;
    private const int Disposed = 3;

    private readonly PlanCache _cache;
    private readonly PreparedPlan _plan;
    private readonly RunContext _context;
    private readonly FrozenDictionary<string, int> _inputs;
    private readonly FrozenDictionary<string, int> _outputs;
    private int _state;

    internal InferenceRequest(
        PlanCache cache, PlanCache.Entry entry, ImmutableArray<TensorInfo> inputs, ImmutableArray<string> outputs, int threads)
    {
        _cache = cache;
        Entry = entry;
        _plan = entry.Plan.Value;
        Inputs = [.. inputs.Select((input, index) => input with { Shape = entry.Key.Shapes[index], IsRankKnown = true })];
        Outputs = [.. _plan.Outputs.Select((output, index) =>
            new TensorInfo(outputs[index], output.Shape.Resolve(_plan.Symbols), output.Spec.ElementType))];
        _inputs = Positions(Inputs);
        _outputs = Positions(Outputs);
        _context = _plan.CreateContext(threads);
    }

    /// <summary>The inputs, with the shapes that this request is for.</summary>
    public ImmutableArray<TensorInfo> Inputs { get; }

    /// <summary>The outputs, with the shapes that this request is for.</summary>
    public ImmutableArray<TensorInfo> Outputs { get; }

    internal PlanCache.Entry Entry { get; }

    internal PreparedPlan Plan => _plan;

    internal RunContext Context => _context;

    /// <summary>An input's elements, to be written before a run; they stay until they are written again.</summary>
    /// <typeparam name="T">The .NET type of its elements; <see cref="ushort"/> for the bits of bfloat16.</typeparam>
    /// <param name="name">The input's name.</param>
    /// <returns>The elements in storage order. Valid until the request is disposed of: keep the request while you use them.</returns>
    /// <exception cref="SepalException">There is no such input, or its elements are of another type.</exception>
    public Span<T> Input<T>(string name)
        where T : unmanaged
    {
        int index = Find<T>(name, _inputs, Inputs, "input");
        return _context.Span<T>(_plan.Forward.Inputs[index]);
    }

    /// <summary>An output's elements after a run.</summary>
    /// <typeparam name="T">The .NET type of its elements; <see cref="ushort"/> for the bits of bfloat16.</typeparam>
    /// <param name="name">The output's name.</param>
    /// <returns>The elements in storage order. Valid until the next run, and until the request is disposed of: keep it while you use them.</returns>
    /// <exception cref="SepalException">There is no such output, or its elements are of another type.</exception>
    public ReadOnlySpan<T> Output<T>(string name)
        where T : unmanaged
    {
        int index = Find<T>(name, _outputs, Outputs, "output");
        return _context.Span<T>(_plan.Forward.Outputs[index]);
    }

    /// <summary>Computes the outputs. Allocates nothing.</summary>
    /// <param name="cancellationToken">Ends the run between two kernel calls; the outputs then mean nothing.</param>
    /// <exception cref="InvalidOperationException">Another thread runs this request.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    /// <exception cref="ObjectDisposedException">The request, or the model it runs, was disposed of.</exception>
    public void Run(CancellationToken cancellationToken = default)
    {
        int state = Interlocked.CompareExchange(ref _state, Running, Idle);
        ObjectDisposedException.ThrowIf(state is Disposed or RunningToBeDisposed, this);
        if (state != Idle)
        {
            throw new InvalidOperationException("The request is running on another thread. Create a request for each thread, or call session.Run.");
        }

        try
        {
            _plan.Run(_context, cancellationToken);
        }
        finally
        {
            if (Interlocked.CompareExchange(ref _state, Idle, Running) != Running)
            {
                _state = Disposed;
                FreeAndLeave();
            }
        }
    }

    /// <summary>Frees the memory; if a run is under way, after it.</summary>
    public void Dispose()
    {
        if (Interlocked.CompareExchange(ref _state, Disposed, Idle) == Idle)
        {
            FreeAndLeave();
        }
        else
        {
            Interlocked.CompareExchange(ref _state, RunningToBeDisposed, Running);
        }
    }

    internal Span<byte> InputBytes(int index) => _context.Span<byte>(_plan.Forward.Inputs[index]);

    internal TensorData OutputData(int index) => new(
        Outputs[index].Shape, Outputs[index].ElementType, _context.Span<byte>(_plan.Forward.Outputs[index]).ToArray());

    /// <summary>Frees the memory of a request that nobody holds.</summary>
    internal void Free()
    {
        _state = Disposed;
        _context.Dispose();
    }

    private static FrozenDictionary<string, int> Positions(ImmutableArray<TensorInfo> values)
    {
        var positions = new Dictionary<string, int>(StringComparer.Ordinal);
        for (int index = 0; index < values.Length; index++)
        {
            positions.TryAdd(values[index].Name, index);
        }

        return positions.ToFrozenDictionary(StringComparer.Ordinal);
    }

    private int Find<T>(string name, FrozenDictionary<string, int> positions, ImmutableArray<TensorInfo> values, string kind)
        where T : unmanaged
    {
        ArgumentNullException.ThrowIfNull(name);
        ObjectDisposedException.ThrowIf(_state == Disposed, this);
        if (!positions.TryGetValue(name, out int index))
        {
            throw new SepalException(
                $"The request has no {kind} '{name}'. Its {kind}s: {string.Join(", ", values.Select(value => $"'{value.Name}'"))}.");
        }

        return values[index].ElementType.IsHeldBy<T>()
            ? index
            : throw new SepalException(
                $"The {kind} '{name}' is of the type {values[index].ElementType}, which the .NET type {typeof(T).Name} does not hold.");
    }

    private void FreeAndLeave()
    {
        _context.Dispose();
        _cache.Leave(Entry);
    }
}
