using System.Collections.Immutable;
using Sepal.Graphs;
using Sepal.Training.Initializers;

namespace Sepal.Shrinking.Timing;

/// <summary>
/// Times a convolution against what could stand in its place, each as a network of its own with the shapes that it has in the
/// model. Layers of the same shapes are timed once.
/// </summary>
/// <param name="batch">Images in a run.</param>
/// <param name="threads">Threads that compute.</param>
/// <param name="seconds">About how long the candidates of one layer are timed.</param>
public sealed class LayerTimer(int batch, int threads, double seconds)
{
    private readonly Dictionary<string, ImmutableArray<double>> _known = new(StringComparer.Ordinal);

    /// <summary>Times a layer and its candidates by turns.</summary>
    /// <param name="model">The model.</param>
    /// <param name="node">The convolution's name.</param>
    /// <param name="kernels">The candidates.</param>
    /// <param name="cancellationToken">Ends it between two runs.</param>
    /// <returns>The median milliseconds: first of the layer as it is, then of each candidate.</returns>
    /// <exception cref="SepalException">There is no such node, or the sizes of its image are open.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public ImmutableArray<double> Measure(
        Model model, string node, IReadOnlyList<DecoupledKernel> kernels, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(kernels);
        Node convolution = model.Graph.Node(node);
        string key = $"{convolution.Inputs[0].Shape} {convolution.Operator} {convolution.Inputs.Length} "
            + string.Join(' ', kernels.Select(kernel => $"{kernel.Form}{kernel.Rank}"));
        if (!_known.TryGetValue(key, out ImmutableArray<double> milliseconds))
        {
            var models = new List<Model> { Alone(model, convolution) };
            try
            {
                foreach (DecoupledKernel kernel in kernels)
                {
                    models.Add(DecouplingRewrite.Apply(models[0], new Dictionary<string, DecoupledKernel> { [node] = kernel }));
                }

                milliseconds = ModelTimer.Measure(models, batch, threads, seconds, cancellationToken);
            }
            finally
            {
                models.ForEach(one => one.Dispose());
            }

            _known.Add(key, milliseconds);
        }

        return milliseconds;
    }

    /// <summary>A network of one node, with its numbers.</summary>
    internal static Model Alone(Model model, Node node)
    {
        var builder = new GraphBuilder();
        ImmutableArray<Value> inputs =
        [
            builder.Input("image", new TensorSpec([Dimension.Batch, .. node.Inputs[0].Shape.Skip(1)])),
            .. node.Inputs.Skip(1).Select((value, index) => builder.Parameter(
                $"{node.Name}/stored{index}", value.Shape, new Given(StoredNumbers.Read(model, value).ToArray()))),
        ];
        return new Model(builder.Build(builder.Add(node.Name, node.Operator, inputs).Output));
    }
}
