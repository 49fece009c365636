using System.Collections.Immutable;
using Sepal.Execution;
using Sepal.Graphs;

namespace Sepal.Inference;

/// <summary>
/// Runs a graph forward for one batch size and number of threads, and prepares its kernels again when parameters changed.
/// </summary>
internal sealed class Predictor : IDisposable
{
    private readonly PreparedPlan _plan;
    private readonly RunContext _context;

    public Predictor(Graph graph, ParameterStore parameters, int batch, int threads)
    {
        Batch = batch;
        Inputs = graph.Inputs;
        Threads = threads;
        _plan = new PreparedPlan(graph, parameters, new Dictionary<string, long> { [Dimension.Batch.ToString()] = batch });
        _context = _plan.CreateContext(threads);
    }

    public int Batch { get; }

    public int Threads { get; }

    /// <summary>The values that a run is given.</summary>
    public ImmutableArray<Value> Inputs { get; }

    /// <summary>The values that a run computes.</summary>
    public ImmutableArray<Value> Outputs => _plan.Outputs;

    /// <summary>The steps, for profiles.</summary>
    public IReadOnlyList<Step> Steps => _plan.Forward.Plan.Steps;

    /// <summary>Where the first input is written.</summary>
    public Span<float> Input => _context.Span(_plan.Forward.Inputs[0]);

    /// <summary>Where all inputs are written, in the graph's order.</summary>
    public Span<float> InputAt(int index) => _context.Span(_plan.Forward.Inputs[index]);

    /// <summary>An output of the last run.</summary>
    public ReadOnlySpan<float> OutputAt(int index) => _context.Span(_plan.Forward.Outputs[index]);

    public void Run(CancellationToken cancellation = default) => _plan.Run(_context, cancellation);

    /// <summary>The median milliseconds of every step.</summary>
    public double[] Profile(int runs)
    {
        _plan.Prepare(_context);
        return Executor.Profile(_plan.Forward.Plan.Steps, _context, runs);
    }

    public void Dispose()
    {
        _context.Dispose();
        _plan.Dispose();
    }
}
