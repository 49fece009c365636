using System.Collections.Immutable;
using Sepal.Execution;
using Sepal.Execution.Lowering;
using Sepal.Graphs;

namespace Sepal.Inference;

/// <summary>
/// Runs a graph forward for one batch size and number of threads, and prepares its kernels again when parameters changed.
/// </summary>
internal sealed class Predictor : IDisposable
{
    private readonly ParameterStore _parameters;
    private readonly ForwardPlan _plan;
    private readonly RunContext _context;
    private readonly AlignedMemory _prepared;
    private int _version;

    public Predictor(Graph graph, ParameterStore parameters, int batch, int threads)
    {
        _parameters = parameters;
        Batch = batch;
        Threads = threads;
        Outputs = graph.Outputs;
        _plan = PlanCompiler.CompileInference(
            graph, parameters, new Dictionary<string, long> { [Dimension.Batch.ToString()] = batch });
        _context = new RunContext(_plan.Plan, threads);
        _prepared = new AlignedMemory(_plan.Plan.PreparedBytes);
        parameters.Bind(_context);
        _context.Bind(MemorySpace.Prepared, _prepared);
    }

    public int Batch { get; }

    public int Threads { get; }

    /// <summary>The values that a run computes.</summary>
    public ImmutableArray<Value> Outputs { get; }

    /// <summary>The steps, for profiles.</summary>
    public IReadOnlyList<Step> Steps => _plan.Plan.Steps;

    /// <summary>Where the first input is written.</summary>
    public Span<float> Input => _context.Span(_plan.Inputs[0]);

    /// <summary>Where all inputs are written, in the graph's order.</summary>
    public Span<float> InputAt(int index) => _context.Span(_plan.Inputs[index]);

    /// <summary>An output of the last run.</summary>
    public ReadOnlySpan<float> OutputAt(int index) => _context.Span(_plan.Outputs[index]);

    public void Run(CancellationToken cancellation = default)
    {
        Prepare();
        Executor.Run(_plan.Plan.Steps, _context, cancellation);
    }

    /// <summary>The median milliseconds of every step.</summary>
    public double[] Profile(int runs)
    {
        Prepare();
        return Executor.Profile(_plan.Plan.Steps, _context, runs);
    }

    public void Dispose()
    {
        _context.Dispose();
        _prepared.Dispose();
    }

    private void Prepare()
    {
        if (_version != _parameters.Version)
        {
            Executor.Run(_plan.Plan.Preparation, _context);
            _version = _parameters.Version;
        }
    }
}
