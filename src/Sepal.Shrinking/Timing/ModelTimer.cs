using System.Collections.Immutable;
using Sepal.Graphs;
using Sepal.Inference;
using Sepal.Randomness;

namespace Sepal.Shrinking.Timing;

/// <summary>
/// Times models against each other with Sepal's inference kernels, by turns: whole networks, or single layers as networks of
/// their own, with the shapes that they have in the network. A layer alone is fused as it is in the network (batch normalisation
/// and activations go into the convolution in both), so that what a replacement gains is the difference of two such times.
/// </summary>
public static class ModelTimer
{
    /// <summary>Times models.</summary>
    /// <param name="models">The models; each has inputs that are floats.</param>
    /// <param name="batch">Images in a run.</param>
    /// <param name="threads">Threads that compute.</param>
    /// <param name="seconds">About how long all of it may take.</param>
    /// <param name="cancellationToken">Ends it between two runs.</param>
    /// <returns>The median milliseconds of a run of each.</returns>
    /// <exception cref="SepalException">A model's inputs have other open dimensions than the batch.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public static ImmutableArray<double> Measure(
        IReadOnlyList<Model> models, int batch, int threads, double seconds, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(models);
        var predictors = new List<Predictor>();
        try
        {
            foreach (Model model in models)
            {
                RequireKnownInputs(model.Graph);
                var predictor = new Predictor(model.Graph, model.Store, batch, threads);
                predictors.Add(predictor);
                Fill(predictor);
            }

            return AlternatingTimer.Medians(
                [.. predictors.Select(predictor => (Action)(() => predictor.Run(cancellationToken)))], seconds, cancellationToken);
        }
        finally
        {
            predictors.ForEach(predictor => predictor.Dispose());
        }
    }

    private static void RequireKnownInputs(Graph graph)
    {
        foreach (Value input in graph.Inputs)
        {
            if (input.Spec.ElementType != ElementType.Float32 || input.Shape.Skip(1).Any(extent => !extent.IsKnown))
            {
                throw new SepalException(
                    $"The model's input {input} cannot be timed: expected 32-bit floats, and no open dimension but the batch. Export it with a fixed size.");
            }
        }
    }

    /// <summary>Numbers of −1 to 1: zeros and denormals would flatter or spoil the times.</summary>
    private static void Fill(Predictor predictor)
    {
        for (int index = 0; index < predictor.Inputs.Length; index++)
        {
            var random = new RandomStream(seed: 0, stream: (ulong)index);
            foreach (ref float value in predictor.InputAt(index))
            {
                value = (2 * random.NextSingle()) - 1;
            }
        }
    }
}
