using System.Collections.Immutable;
using Sepal.Graphs;
using Sepal.Onnx;
using Sepal.Onnx.Import;

namespace Sepal.Inference;

/// <summary>
/// Runs a model, for any number of threads at once. A plan is compiled for each combination of input shapes when it is first
/// met, and kept; runs under way at the same time have memory of their own and share the weights. The same inputs give the
/// same bits, from any thread, for any number of threads, alone or in a batch.
/// </summary>
public sealed partial class InferenceSession : IDisposable
{
    private readonly IGraphSource _source;
    private readonly PlanCache _plans;
    private readonly SemaphoreSlim _free;
    private volatile bool _disposed;

    /// <summary>
    /// Runs a model with the parameters it has at the time of each run. Do not train it while it runs, and dispose of it after
    /// the session.
    /// </summary>
    /// <param name="model">The model; it stays yours.</param>
    /// <param name="options">How to run it.</param>
    /// <exception cref="SepalException">An option is out of range.</exception>
    public InferenceSession(Model model, SessionOptions? options = null)
        : this(new ModelGraphSource(Required(model), ownsModel: false), options)
    {
    }

    /// <summary>Runs a graph with the parameters that its initialisers give.</summary>
    /// <param name="graph">The graph.</param>
    /// <param name="options">How to run it.</param>
    /// <exception cref="SepalException">An option is out of range.</exception>
    public InferenceSession(Graph graph, SessionOptions? options = null)
        : this(new ModelGraphSource(new Model(graph), ownsModel: true), options)
    {
    }

    internal InferenceSession(IGraphSource source, SessionOptions? options)
    {
        try
        {
            options = (options ?? new SessionOptions()).Checked();
        }
        catch
        {
            source.Dispose();
            throw;
        }

        _source = source;
        _plans = new PlanCache(source, options);
        _free = new SemaphoreSlim(options.MaximumConcurrentRuns);
    }

    /// <summary>What to give, in the model's order; shapes hold symbols where they are open.</summary>
    public ImmutableArray<TensorInfo> Inputs => _source.Inputs;

    /// <summary>What a run gives, in the model's order.</summary>
    public ImmutableArray<TensorInfo> Outputs => _source.Outputs;

    /// <summary>What the file says beyond its graph: how images are prepared, what the classes are called. Empty for a model.</summary>
    /// <exception cref="OnnxException">The file says nothing that can be understood.</exception>
    public ModelMetadata Metadata => _source.Metadata;

    /// <summary>Whether images come in a file's axis order, channels first unless its shapes say otherwise.</summary>
    internal bool HasPlanarImages => _source is OnnxGraphSource;

    internal PlanCache Plans => _plans;

    /// <summary>Makes a request: memory of one's own to run in again and again without allocating.</summary>
    /// <param name="dimensions">Values of the inputs' open dimensions by name; an open batch is 1 where not given.</param>
    /// <param name="outputs">Names of the values to compute, inner ones too; the model's outputs where not given.</param>
    /// <returns>The request; dispose of it.</returns>
    /// <exception cref="SepalException">A dimension or an output does not exist, or there is not enough memory.</exception>
    public InferenceRequest CreateRequest(IReadOnlyDictionary<string, long>? dimensions = null, IReadOnlyList<string>? outputs = null)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        ImmutableArray<Shape> shapes = InputShapes.Resolve(Inputs, dimensions ?? ImmutableDictionary<string, long>.Empty);
        try
        {
            return _plans.Rent(new PlanKey(shapes, [.. Inputs.Select(_ => (TensorData?)null)], Names(outputs)));
        }
        catch (NeedsValueException exception)
        {
            throw new SepalException(
                $"No request can be made for this model, since its shapes depend on elements of its inputs. Call session.Run. {exception.Message}", exception);
        }
    }

    /// <summary>
    /// Frees the memory, that of runs under way and of requests still held when they end. A graph's parameters go too; a model
    /// stays.
    /// </summary>
    public void Dispose()
    {
        _disposed = true;
        _plans.Close();
    }

    private static Model Required(Model model)
    {
        ArgumentNullException.ThrowIfNull(model);
        return model;
    }

    private static ImmutableArray<string>? Names(IReadOnlyList<string>? outputs) => outputs switch
    {
        null => null,
        [] => throw new SepalException("No output was asked for. Name at least one value, or leave the names out for the model's outputs."),
        _ => [.. outputs],
    };
}
