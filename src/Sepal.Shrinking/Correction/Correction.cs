using System.Collections.Immutable;
using Sepal.Graphs;
using Sepal.Training;

namespace Sepal.Shrinking;

/// <summary>
/// Fits the kernels and biases of decoupled layers to what the original network computes on real images: He et al., "Depth-wise
/// Decomposition for Accelerating Separable Convolutions in Efficient Convolutional Neural Networks"
/// (https://arxiv.org/abs/1910.09455). Layer by layer in graph order, the least squares of ‖Y − f(X′)‖² are found, with Y the
/// convolution's output in the original network and X′ the layer's input in the shrunk one, whose earlier layers are corrected already:
/// each layer makes up for the errors before it as well as for its own. Where the layer ends in a rectifier, an output that is below its
/// threshold in both networks counts as equal (Zhang et al., https://arxiv.org/abs/1505.06798). No label is needed.
/// </summary>
public static class Correction
{
    /// <summary>Corrects decoupled layers.</summary>
    /// <param name="original">The network as it was.</param>
    /// <param name="shrunk">The same with decoupled layers (<see cref="DecouplingRewrite"/>); it stays as it is.</param>
    /// <param name="nodes">The names that the decoupled convolutions have in the original.</param>
    /// <param name="images">Images that fit the networks' input; their targets are not looked at.</param>
    /// <param name="options">How; the defaults where not given.</param>
    /// <param name="cancellationToken">Ends it between two kernel calls.</param>
    /// <returns>A new network.</returns>
    /// <exception cref="SepalException">
    /// A node is no convolution of the original or not decoupled in the shrunk network, or the images do not fit.
    /// </exception>
    public static CorrectionResult Refit(
        Model original,
        Model shrunk,
        IReadOnlyCollection<string> nodes,
        Dataset images,
        CorrectionOptions? options = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(original);
        ArgumentNullException.ThrowIfNull(shrunk);
        ArgumentNullException.ThrowIfNull(nodes);
        ArgumentNullException.ThrowIfNull(images);
        options ??= new CorrectionOptions();
        options.Check();
        RequireFit(original, images);
        RequireFit(shrunk, images);
        foreach (string name in nodes)
        {
            DecouplingRewrite.RequireSuited(original, original.Graph.Node(name));
        }

        Model model = BiasCopy.Of(shrunk, nodes, options.CorrectBias);
        try
        {
            // In graph order: what a layer reads has been corrected before.
            ImmutableArray<DecoupledLayer> layers = [.. nodes.Distinct(StringComparer.Ordinal)
                .Select(name => DecoupledLayer.Find(original, model, name))
                .OrderBy(layer => model.Graph.Nodes.IndexOf(layer.Steps[0].Depthwise))];
            using var sampler = new LayerSampler(original, model, layers, images, options, cancellationToken);
            var results = ImmutableArray.CreateBuilder<LayerCorrection>(layers.Length);
            foreach (DecoupledLayer layer in layers)
            {
                results.Add(LayerFit.Run(original, model, layer, sampler.Sample(layer), options));
            }

            return new CorrectionResult(model, results.MoveToImmutable());
        }
        catch
        {
            model.Dispose();
            throw;
        }
    }

    private static void RequireFit(Model model, Dataset images)
    {
        if (model.Graph.Inputs.Length != 1)
        {
            throw new SepalException($"The network has {model.Graph.Inputs.Length} inputs. Only a network that reads images alone can be corrected on images.");
        }

        Value input = model.Graph.Inputs[0];
        if (images.Count < 2)
        {
            throw new SepalException($"The data set has {images.Count} image(s). Give at least 2, better some hundreds.");
        }

        if (!images.InputShape.Equals(input.Shape.WithoutBatch()))
        {
            throw new SepalException(
                $"The images have the shape {images.InputShape} (height, width, channels), but the network's input '{input.Name}' has {input.Shape.WithoutBatch()}. "
                + "Give images of that size, or a network with that input.");
        }
    }
}
