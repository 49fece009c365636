using System.Collections.Immutable;
using Sepal.Execution;
using Sepal.Graphs;

namespace Sepal.Inference;

/// <summary>
/// The plans of a session, the last used first, each with requests that wait to be used again. A plan goes when too many
/// others were used since, but never while a request uses it; after the last request goes, so does the source.
/// </summary>
internal sealed class PlanCache(IGraphSource source, SessionOptions options)
{
    private readonly Lock _lock = new();
    private readonly LinkedList<Entry> _entries = [];
    private bool _closed;

    /// <summary>How many plans are kept, for tests.</summary>
    public int Count
    {
        get
        {
            lock (_lock)
            {
                return _entries.Count;
            }
        }
    }

    /// <summary>Takes a request that nobody uses, or makes one; give it back with <see cref="Return"/>.</summary>
    public InferenceRequest Rent(PlanKey key)
    {
        Entry entry;
        InferenceRequest? idle;
        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(_closed, typeof(InferenceSession));
            entry = FindOrAdd(key);
            entry.Users++;
            entry.Idle.TryPop(out idle);
        }

        if (idle is not null)
        {
            return idle;
        }

        try
        {
            return new InferenceRequest(
                this, entry, source.Inputs, key.Outputs ?? [.. source.Outputs.Select(output => output.Name)], options.Threads);
        }
        catch
        {
            Leave(entry, failed: !entry.Plan.IsValueCreated);
            throw;
        }
    }

    /// <summary>Gives a request back, to be used again.</summary>
    public void Return(InferenceRequest request)
    {
        lock (_lock)
        {
            request.Entry.Idle.Push(request);
            Leave(request.Entry);
        }
    }

    /// <summary>Takes note that a request is gone, its memory with it.</summary>
    public void Leave(Entry entry, bool failed = false)
    {
        lock (_lock)
        {
            entry.Users--;
            if (failed)
            {
                // Others may be waiting for the same plan and fail likewise; a later caller tries anew.
                _entries.Remove(entry);
            }

            Trim();
        }
    }

    /// <summary>Frees all that is not in use now, and the rest as soon as it no longer is.</summary>
    public void Close()
    {
        lock (_lock)
        {
            if (!_closed)
            {
                _closed = true;
                Trim();
            }
        }
    }

    private Entry FindOrAdd(PlanKey key)
    {
        LinkedListNode<Entry>? node = _entries.First;
        while (node is not null && node.Value.Key.Text != key.Text)
        {
            node = node.Next;
        }

        if (node is null)
        {
            node = new LinkedListNode<Entry>(new Entry(key, () => Compile(key)));
        }
        else
        {
            _entries.Remove(node);
        }

        _entries.AddFirst(node);
        return node.Value;
    }

    /// <summary>Frees what is beyond the bounds, beginning with what was not used for longest.</summary>
    private void Trim()
    {
        int plans = _closed ? 0 : options.CachedPlans;
        int requests = _closed ? 0 : options.MaximumConcurrentRuns;
        int idle = _entries.Sum(entry => entry.Idle.Count);
        for (LinkedListNode<Entry>? node = _entries.Last; node is not null;)
        {
            LinkedListNode<Entry>? previous = node.Previous;
            Entry entry = node.Value;
            while (idle > requests && entry.Idle.TryPop(out InferenceRequest? surplus))
            {
                surplus.Free();
                idle--;
            }

            if (_entries.Count > plans && entry.Users == 0)
            {
                idle -= entry.Idle.Count;
                _entries.Remove(node);
                entry.Free();
            }

            node = previous;
        }

        if (_closed && _entries.Count == 0)
        {
            source.Dispose();
        }
    }

    private PreparedPlan Compile(PlanKey key)
    {
        var sizes = new InputSizes(source.Inputs, key.Shapes);
        SourceGraph made = Make(key, sizes);
        try
        {
            Dictionary<string, long> symbols = InputShapes.Symbols(
                [.. made.Graph.Inputs.Select(input => input.Shape)], key.Shapes, [.. source.Inputs.Select(input => input.Name)]);
            sizes.Require(made.Graph, symbols);
            RequireSize(made.Graph.Inputs.Concat(made.Graph.Outputs), symbols);
            return new PreparedPlan(made.Graph, made.Parameters, symbols, RequireMemory, keepInputs: true, made.OwnsParameters, options.Threads);
        }
        catch (OverflowException exception)
        {
            Discard(made);
            throw new SepalException(
                $"A tensor inside the model would have more elements than fit, for inputs of {Describe(key.Shapes)}. Use a smaller batch, or a smaller input.",
                exception);
        }
        catch
        {
            Discard(made);
            throw;
        }
    }

    private SourceGraph Make(PlanKey key, InputSizes sizes)
    {
        try
        {
            return source.GraphFor(key.Shapes, key.Elements, key.Outputs);
        }
        catch (GraphException exception) when (source.Specialization != Specialization.None)
        {
            if (key.Outputs is not null && CanBeMade(key.Shapes, key.Elements))
            {
                // It is what was asked for that does not exist.
                throw;
            }

            throw sizes.Refusal(exception, shapes => CanBeMade(shapes, key.Elements));
        }
    }

    private bool CanBeMade(ImmutableArray<Shape> shapes, ImmutableArray<TensorData?> elements)
    {
        try
        {
            Discard(source.GraphFor(shapes, elements, outputs: null));
            return true;
        }
        catch (SepalException)
        {
            return false;
        }
    }

    private static void Discard(SourceGraph made)
    {
        if (made.OwnsParameters)
        {
            made.Parameters.Dispose();
        }
    }

    /// <summary>Inputs and outputs are handed out as spans, which 31 bits count.</summary>
    private static void RequireSize(IEnumerable<Value> values, Dictionary<string, long> symbols)
    {
        foreach (Value value in values)
        {
            Shape shape = value.Shape.Resolve(symbols);
            if (checked(shape.ElementCount.Value * value.Spec.ElementType.ByteSize()) > int.MaxValue)
            {
                throw new SepalException(
                    $"The tensor '{value.Name}' would have the shape {shape}, more than 2 GiB. Use a smaller batch, or a smaller input.");
            }
        }
    }

    private void RequireMemory(Plan plan)
    {
        long bytes = checked(plan.ArenaBytes + plan.PreparedBytes + (AlignedMemory.RoundUp(plan.ScratchBytes) * options.Threads));
        if (bytes > options.MemoryLimit)
        {
            throw new SepalException(
                $"A run would take {bytes:N0} bytes of memory, more than the session's limit of {options.MemoryLimit:N0}. "
                + "Use a smaller batch or input, or raise SessionOptions.MemoryLimit.");
        }
    }

    private static string Describe(ImmutableArray<Shape> shapes) => string.Join(", ", shapes.Select(shape => shape.ToString()));

    /// <summary>A plan, made by the first that needs it.</summary>
    internal sealed class Entry(PlanKey key, Func<PreparedPlan> compile)
    {
        public PlanKey Key { get; } = key;

        public Lazy<PreparedPlan> Plan { get; } = new(compile);

        /// <summary>Requests that are handed out or being made.</summary>
        public int Users { get; set; }

        /// <summary>Requests that wait to be used again.</summary>
        public Stack<InferenceRequest> Idle { get; } = new();

        public void Free()
        {
            while (Idle.TryPop(out InferenceRequest? request))
            {
                request.Free();
            }

            if (Plan.IsValueCreated)
            {
                Plan.Value.Dispose();
            }
        }
    }
}
