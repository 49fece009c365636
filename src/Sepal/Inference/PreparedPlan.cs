using System.Collections.Immutable;
using Sepal.Execution;
using Sepal.Execution.Lowering;
using Sepal.Graphs;
using Sepal.Inference.Rewrites;

namespace Sepal.Inference;

/// <summary>
/// A graph compiled for concrete shapes, with what its kernels prepare from the parameters (packed weights), which all
/// contexts that run it share.
/// </summary>
internal sealed class PreparedPlan : IDisposable
{
    private readonly ParameterStore _parameters;
    private readonly bool _ownsParameters;
    private readonly AlignedMemory _prepared;
    private readonly Lock _preparing = new();
    private volatile int _version;

    /// <summary>Compiles a graph.</summary>
    /// <param name="graph">The graph.</param>
    /// <param name="parameters">The numbers of its parameters.</param>
    /// <param name="symbols">Values for the open dimensions.</param>
    /// <param name="limit">What to hold the memory against before it is allocated; nothing where not given.</param>
    /// <param name="keepInputs">Whether inputs keep their elements through a run, at the price of memory.</param>
    /// <param name="ownsParameters">Whether the parameters go with the plan.</param>
    /// <param name="threads">Threads that will run it.</param>
    public PreparedPlan(
        Graph graph,
        ParameterStore parameters,
        IReadOnlyDictionary<string, long> symbols,
        Action<Plan>? limit = null,
        bool keepInputs = false,
        bool ownsParameters = false,
        int threads = 1)
    {
        graph = InferenceRewrites.Apply(graph, symbols);
        _parameters = parameters;
        _ownsParameters = ownsParameters;
        Graph = graph;
        Symbols = symbols;
        Forward = PlanCompiler.CompileInference(graph, parameters, symbols, keepInputs: keepInputs, threads: threads);
        limit?.Invoke(Forward.Plan);
        _prepared = new AlignedMemory(Forward.Plan.PreparedBytes);
    }

    /// <summary>The graph as it was compiled: its nodes are what steps are for.</summary>
    public Graph Graph { get; }

    /// <summary>The values that a run computes.</summary>
    public ImmutableArray<Value> Outputs => Graph.Outputs;

    /// <summary>The values of the open dimensions.</summary>
    public IReadOnlyDictionary<string, long> Symbols { get; }

    /// <summary>The steps, and where inputs and outputs lie.</summary>
    public ForwardPlan Forward { get; }

    /// <summary>Memory for runs, bound to all that they read.</summary>
    public RunContext CreateContext(int threads)
    {
        var context = new RunContext(Forward.Plan, threads);
        _parameters.Bind(context);
        context.Bind(MemorySpace.Prepared, _prepared);
        return context;
    }

    /// <summary>Runs the steps, after preparing the kernels if the parameters changed since they were prepared.</summary>
    public void Run(RunContext context, CancellationToken cancellation = default)
    {
        Prepare(context);
        Executor.Run(Forward.Plan.Steps, context, cancellation);

        // The kernels hold addresses only; nothing else need refer to this object while they run.
        GC.KeepAlive(this);
    }

    /// <summary>Prepares the kernels if the parameters changed since they were prepared.</summary>
    /// <exception cref="ObjectDisposedException">The model that the parameters belong to was disposed of.</exception>
    public void Prepare(RunContext context)
    {
        _parameters.RequireAlive();
        if (_version == _parameters.Version)
        {
            return;
        }

        lock (_preparing)
        {
            int version = _parameters.Version;
            if (_version != version)
            {
                Executor.Run(Forward.Plan.Preparation, context);
                _version = version;
            }
        }
    }

    public void Dispose()
    {
        _prepared.Dispose();
        if (_ownsParameters)
        {
            _parameters.Dispose();
        }
    }
}
