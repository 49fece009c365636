using System.Collections.Immutable;
using Sepal.Execution;
using Sepal.Graphs;
using Sepal.Layers;

namespace Sepal;

/// <summary>A graph together with the numbers of its parameters: what is costed, trained and run.</summary>
/// <remarks>Use a model from one thread at a time; several models may be used at once.</remarks>
public partial class Model : IDisposable
{
    private readonly ParameterStore _store;
    private bool _disposed;

    /// <summary>Makes a model of layers applied in the functional form.</summary>
    /// <param name="input">Where data enter.</param>
    /// <param name="output">What the model gives.</param>
    /// <exception cref="GraphException">The layers do not fit together.</exception>
    public Model(LayerOutput input, LayerOutput output)
        : this(ModelLowering.Lower([input], [output]))
    {
    }

    /// <summary>Makes a model with several inputs or outputs of layers applied in the functional form.</summary>
    /// <param name="inputs">Where data enter.</param>
    /// <param name="outputs">What the model gives.</param>
    /// <exception cref="GraphException">The layers do not fit together.</exception>
    public Model(ImmutableArray<LayerOutput> inputs, ImmutableArray<LayerOutput> outputs)
        : this(ModelLowering.Lower(inputs, outputs))
    {
    }

    /// <summary>Makes a model of a graph; its parameters start as their initialisers say, under seed 0.</summary>
    /// <param name="graph">The graph.</param>
    public Model(Graph graph)
    {
        ArgumentNullException.ThrowIfNull(graph);
        Graph = graph;
        _store = new ParameterStore(graph);
        _store.Initialize(0);
    }

    /// <summary>The operators and how they are joined.</summary>
    public Graph Graph { get; }

    internal ParameterStore Store
    {
        get
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            return _store;
        }
    }

    /// <summary>Sets all parameters to what their initialisers give under a seed.</summary>
    /// <param name="seed">The same seed gives the same numbers, on any machine.</param>
    public void Initialize(ulong seed) => Store.Initialize(seed);

    /// <summary>Reads a parameter.</summary>
    /// <param name="parameter">A parameter of <see cref="Graph"/>.</param>
    /// <returns>
    /// Its numbers, in storage order. They change as training goes on; keep the model, and do not dispose of it, for as long as
    /// they are read.
    /// </returns>
    public ReadOnlySpan<float> GetParameter(Parameter parameter) => Store.Read(parameter);

    /// <summary>Writes a parameter.</summary>
    /// <param name="parameter">A parameter of <see cref="Graph"/>.</param>
    /// <param name="values">As many numbers as it has.</param>
    /// <exception cref="SepalException">The count differs.</exception>
    public void SetParameter(Parameter parameter, ReadOnlySpan<float> values)
    {
        ArgumentNullException.ThrowIfNull(parameter);
        Span<float> destination = Store.Write(parameter);
        if (values.Length != destination.Length)
        {
            throw new SepalException(
                $"The parameter '{parameter.Name}' has the shape {parameter.Shape}, {destination.Length} numbers, but {values.Length} were given.");
        }

        values.CopyTo(destination);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Dispose(disposing: true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Frees the native memory.</summary>
    /// <param name="disposing">Whether called by <see cref="Dispose()"/>.</param>
    protected virtual void Dispose(bool disposing)
    {
        if (disposing && !_disposed)
        {
            _disposed = true;
            _predictors.ForEach(predictor => predictor.Dispose());
            _trainer?.Dispose();
            _store.Dispose();
        }
    }
}
